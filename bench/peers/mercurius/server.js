// Two screens over the bench's company, as Node's quickest GraphQL server shows them: mercurius with its JIT, a loader for each
// relation, node-postgres with prepared statements. The statements are those of the flat limit. Whoever asks is taken at their
// word, and nothing is limited or sealed.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

const [BIGINT, TIMESTAMP] = [20, 1184]
pg.types.setTypeParser(BIGINT, Number)
pg.types.setTypeParser(TIMESTAMP, (text) => text.replace(' ', 'T').replace('+00', 'Z'))

const statements = JSON.parse(readFileSync(process.env.STATEMENTS, 'utf8'))
const pool = new pg.Pool({
  max: 10, // as many as Atrium has
  options: '-c jit=off -c plan_cache_mode=force_generic_plan -c timezone=UTC',
})

async function rows(name, ...values) {
  return (await pool.query({ name, text: statements[name], values, rowMode: 'array' })).rows
}

const schema = `
  type Person { id: ID! name: String! title: String }
  type Audience { kind: String! name: String }
  type Group { id: ID! name: String! }
  type Reaction { emoji: String! count: Int! viewerHasReacted: Boolean! }
  type Comment { id: ID! body: String! createdAt: String! author: Person }
  type Comments { nodes: [Comment!]! }
  type Post {
    id: ID!
    kind: String!
    title: String
    body: String!
    publishedAt: String!
    isEdited: Boolean!
    author: Person
    audience: Audience
    group: Group
    commentCount: Int!
    reactions: [Reaction!]!
    comments(last: Int!): Comments!
  }
  type PageInfo { hasNextPage: Boolean hasPreviousPage: Boolean startCursor: String endCursor: String }
  type Feed { nodes: [Post!]! pageInfo: PageInfo! }
  type Message {
    id: ID!
    sequence: Int!
    body: String!
    createdAt: String!
    isEdited: Boolean!
    isRemoved: Boolean!
    replyCount: Int!
    author: Person
    reactions: [Reaction!]!
  }
  type Messages { nodes: [Message!]! pageInfo: PageInfo! }
  type Conversation { id: ID! title: String sequence: Int! messages(last: Int!): Messages! }
  type Query { feed(first: Int!): Feed! conversation(id: ID!): Conversation }
`

const resolvers = {
  Query: {
    async feed(_, { first }, { viewer, audiences }) {
      const found = await rows('posts', audiences, viewer, first + 1)
      const nodes = found
        .slice(0, first)
        .map(([key, author, place, kind, title, body, publishedAt, edited, audienceKind, name]) => ({
          key,
          person: author,
          place,
          id: globalId('Post', key),
          kind,
          title,
          body,
          publishedAt,
          isEdited: edited !== null,
          audience: { kind: audienceKind, name },
        }))
      const last = nodes.at(-1)
      const endCursor = last ? `${last.publishedAt}|${last.key}` : null
      return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor } }
    },
    async conversation(_, { id: key }, { viewer }) {
      const [found] = await rows('conversation', key, viewer)
      return found ? { key, id: globalId('Conversation', key), title: found[1], sequence: found[2] } : null
    },
  },
  Conversation: {
    async messages({ key: place }, { last }, { viewer }) {
      const found = await rows('messages', place, viewer) // as many as a page of 50 needs
      const nodes = found
        .slice(0, last)
        .reverse()
        .map(([key, sequence, body, createdAt, edited, isRemoved, author]) => ({
          key,
          place,
          person: author,
          id: globalId('Message', key),
          sequence,
          body,
          createdAt,
          isEdited: edited !== null,
          isRemoved,
        }))
      const startCursor = nodes.length ? String(nodes[0].sequence) : null
      return { nodes, pageInfo: { hasPreviousPage: found.length > last, startCursor } }
    },
  },
}

const loaders = {
  Post: {
    author: people,
    reactions,
    async group(asked, { audiences }) {
      const found = await rows('groups', keysOf(asked, 'place'), audiences)
      const byKey = new Map(found.map(([key, name]) => [key, { id: globalId('Group', key), name }]))
      return asked.map(({ obj }) => byKey.get(obj.place) ?? null)
    },
    async commentCount(asked, { viewer, audiences }) {
      const byKey = new Map(await rows('counts', keysOf(asked, 'key'), audiences, viewer))
      return asked.map(({ obj }) => byKey.get(obj.key) ?? 0)
    },
    async comments(asked, { viewer, audiences }) {
      const byKey = new Map(asked.map(({ obj }) => [obj.key, []]))
      const found = await rows('comments', keysOf(asked, 'key'), audiences, viewer)
      for (const [post, key, person, body, createdAt] of found.reverse()) {
        byKey.get(post).push({ person, id: globalId('Comment', key), body, createdAt })
      }
      return asked.map(({ obj }) => ({ nodes: byKey.get(obj.key) }))
    },
  },
  Comment: { author: people },
  Message: {
    author: people,
    reactions,
    async replyCount(asked, { viewer }) {
      const byKey = new Map(await rows('replies', asked[0].obj.place, viewer, keysOf(asked, 'key')))
      return asked.map(({ obj }) => byKey.get(obj.key) ?? 0)
    },
  },
}

async function people(asked) {
  const found = await rows('people', keysOf(asked, 'person'))
  const byKey = new Map(found.map(([key, name, title]) => [key, { id: globalId('Person', key), name, title: title || null }]))
  return asked.map(({ obj }) => byKey.get(obj.person) ?? null)
}

async function reactions(asked, { viewer }) {
  const byKey = new Map(asked.map(({ obj }) => [obj.key, []]))
  for (const [subject, emoji, count, viewerHasReacted] of await rows('reactions', keysOf(asked, 'key'), viewer)) {
    byKey.get(subject).push({ emoji, count, viewerHasReacted })
  }
  return asked.map(({ obj }) => byKey.get(obj.key))
}

function keysOf(asked, name) {
  return [...new Set(asked.map(({ obj }) => obj[name]).filter(Boolean))]
}

function globalId(kind, key) {
  return Buffer.concat([Buffer.from(key.replaceAll('-', ''), 'hex'), Buffer.from(kind)]).toString('base64url')
}

const known = new Map()

async function context(request) {
  const viewer = request.headers['x-viewer']
  if (!known.has(viewer)) {
    known.set(viewer, (await rows('audiences', viewer))[0][0])
  }
  return { viewer, audiences: known.get(viewer) }
}

const app = Fastify()
app.register(mercurius, { schema, resolvers, loaders, context, jit: 1 })
console.log(`${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`)
