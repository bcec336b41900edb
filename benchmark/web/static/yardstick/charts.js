// Draws every figure[data-chart] from the specification beside it, in the colours of the reader's ground.
// The specifications are made by the server; without this file the tables below the charts say the same.
"use strict";

{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const inDark = JSON.parse(document.getElementById("charts-in-dark")?.textContent ?? "{}");

  const specification = (figure) => {
    let text = document.getElementById(figure.dataset.chart).textContent;
    if (dark.matches) for (const [light, other] of Object.entries(inDark)) text = text.replaceAll(light, other);
    return JSON.parse(text);
  };

  const options = {
    actions: false,
    ast: true, // expressions are walked, not compiled: the page's policy allows no eval
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true, theme: "" },
  };

  const draw = async (figure) => {
    const place = figure.querySelector(".chart-place");
    figure.drawn?.finalize();
    try {
      figure.drawn = await window.vegaEmbed(place, specification(figure), options);
      figure.dataset.state = "drawn";
    } catch (error) {
      figure.dataset.state = "failed";
      figure.querySelector("details")?.setAttribute("open", "");
      throw error;
    }
  };

  const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);
  dark.addEventListener("change", drawAll);
  drawAll();
}
