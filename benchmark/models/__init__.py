"""Rows that cannot be wrong: the rules live in the database, the queries on the querysets."""

from benchmark.models.brand import INDUSTRIES, Brand, Role, industry_choices
from benchmark.models.day import ProfileDay
from benchmark.models.figure import ALL, IDENTITY, CohortFigure, IndustryFigure
from benchmark.models.maturity import CommonStep, MaturityFactor
from benchmark.models.post import CHECKPOINTS, OwnInsight, Post, PostReading, checkpoint_at
from benchmark.models.profile import Avatar, Profile, ProfileReading, State
from benchmark.models.reach import ReachModel, TriedOn
from benchmark.models.run import FetchRun, Outcome, RunKind, Spend, Trigger
from benchmark.models.tracked import COMPETITOR_LIMIT, Competitor, OwnAccount, TrackedProfile
from benchmark.models.upload import Upload

__all__ = [
    "ALL",
    "CHECKPOINTS",
    "COMPETITOR_LIMIT",
    "IDENTITY",
    "INDUSTRIES",
    "Avatar",
    "Brand",
    "CohortFigure",
    "CommonStep",
    "Competitor",
    "FetchRun",
    "IndustryFigure",
    "MaturityFactor",
    "Outcome",
    "OwnAccount",
    "OwnInsight",
    "Post",
    "PostReading",
    "Profile",
    "ProfileDay",
    "ProfileReading",
    "ReachModel",
    "Role",
    "RunKind",
    "Spend",
    "State",
    "TrackedProfile",
    "TriedOn",
    "Trigger",
    "Upload",
    "checkpoint_at",
    "industry_choices",
]
