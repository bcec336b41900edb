// Starts Bluesky's own server software on loopback, lets a few people live there, and says what they did.
//
// Where: NODE_PATH leads to @atproto/dev-env; DB_POSTGRES_URL and REDIS_HOST to its engines; PORTS are four free ones.
// It prints one line of JSON once everything can be read, and ends with its standard input.

const net = require('node:net')

// The package listens on every address; nothing of a test does.
const { listen } = net.Server.prototype
net.Server.prototype.listen = function (...given) {
  const [where, ...rest] = given
  if (where !== null && typeof where === 'object') return listen.call(this, { ...where, host: '127.0.0.1' }, ...rest)
  if (!/^\d+$/.test(String(where))) return listen.apply(this, given)
  return listen.call(this, { port: Number(where), host: '127.0.0.1' }, rest.find((each) => typeof each === 'function'))
}

// The PostgreSQL out of a wheel has no pg_trgm. Only the search for people wants it, and nobody searches here.
const pg = require('pg')
const { query } = pg.Client.prototype
pg.Client.prototype.query = function (asked, ...rest) {
  const ofTrigrams = typeof asked === 'string' && /create extension.*pg_trgm|create index.*trgm_ops/is.test(asked)
  return ofTrigrams ? query.call(this, 'select 1') : query.call(this, asked, ...rest)
}

const { TestNetwork } = require('@atproto/dev-env')
const { AtpAgent } = require('@atproto/api')

const [plc, pds, appview, ozone] = process.env.PORTS.split(',').map(Number)
const OWN_POSTS = 130 // more than a page, and more than a month of them
const HOUR = 60 * 60 * 1000
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const join = async (name, profile = {}) => {
  const agent = new AtpAgent({ service: `http://localhost:${pds}` })
  await agent.createAccount({ email: `${name}@example.org`, handle: `${name}.test`, password: 'a quiet harbour' })
  await agent.upsertProfile(() => ({ displayName: name[0].toUpperCase() + name.slice(1), ...profile }))
  return agent
}

const main = async () => {
  const network = await TestNetwork.create({
    dbPostgresSchema: 'town',
    plc: { port: plc },
    pds: { port: pds, hostname: 'localhost' },
    bsky: { port: appview, publicUrl: `http://localhost:${appview}`, dbPostgresSchema: 'bsky_town' },
    ozone: { port: ozone },
  })
  const anna = await join('anna', { description: 'Coffee from a cart.' })
  const ben = await join('ben')
  const carla = await join('carla', {
    labels: { $type: 'com.atproto.label.defs#selfLabels', values: [{ val: '!no-unauthenticated' }] },
  })
  const dora = await join('dora')

  const hour = Math.floor(Date.now() / HOUR) * HOUR
  const posts = []
  for (let at = OWN_POSTS; at > 0; at -= 1) {
    const createdAt = new Date(hour - at * 6 * HOUR).toISOString()
    const text = `Cup ${at} #coffee`
    const facets = [
      {
        index: { byteStart: text.indexOf('#'), byteEnd: text.length },
        features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'coffee' }],
      },
    ]
    posts.unshift({ ...(await anna.post({ text, facets, createdAt })), text, createdAt })
  }
  const { data: uploaded } = await anna.uploadBlob(PICTURE, { encoding: 'image/png' })
  const embed = { $type: 'app.bsky.embed.images', images: [{ image: uploaded.blob, alt: 'A cup' }] }
  const createdAt = new Date(hour - HOUR).toISOString()
  posts.unshift({ ...(await anna.post({ text: 'A picture', embed, createdAt })), text: 'A picture', createdAt })

  const [picture, newest] = posts
  for (const reader of [ben, carla]) {
    await reader.follow(anna.session.did)
    await reader.like(newest.uri, newest.cid)
  }
  await anna.follow(ben.session.did)
  await ben.repost(newest.uri, newest.cid)
  const answered = { uri: newest.uri, cid: newest.cid }
  await ben.post({ text: 'Lovely', reply: { root: answered, parent: answered } })
  await ben.post({ text: 'Look', embed: { $type: 'app.bsky.embed.record', record: answered } })

  // What stands in Anna's feed and is none of her posts.
  const words = await ben.post({ text: 'Of Ben' })
  await anna.repost(words.uri, words.cid)
  await anna.post({ text: 'To Ben', reply: { root: words, parent: words } })
  // What was hers and is not there any more.
  const deleted = await anna.post({ text: 'Deleted' })
  await anna.deletePost(deleted.uri)
  // Her oldest post, pinned to the top.
  const oldest = posts[posts.length - 1]
  await anna.upsertProfile((kept) => ({ ...kept, pinnedPost: { uri: oldest.uri, cid: oldest.cid } }))
  await dora.com.atproto.server.deactivateAccount({})
  await network.processAll(60000)

  const people = { anna: anna.session.did, ben: ben.session.did, carla: carla.session.did, dora: dora.session.did }
  const told = posts.map(({ uri, text, createdAt }) => ({ uri, text, createdAt }))
  const said = { address: `http://127.0.0.1:${appview}`, people, posts: told, picture: picture.uri, newest: newest.uri }
  process.stdout.write(`${JSON.stringify({ ...said, deleted: deleted.uri })}\n`)
}

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
