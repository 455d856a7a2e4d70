"""A small schema, and what its documents weigh or why they are refused."""

import json
from typing import Any

import pytest
from graphql import GraphQLError, build_schema

from execution.inputs import check_text, parse_text
from execution.limits import LimitExceeded, Limits
from execution.survey import check_document
from execution.weights import Weight

schema = build_schema("""
    directive @mark(n: Int) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY | FRAGMENT_DEFINITION
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Person implements Node {
      id: ID! name: String manager: Person deputy: Person assistant: Person
      posts(first: Int, last: Int, after: String): PostConnection
      tags: [Tag!]!
    }
    type Tag { name: String }
    type Post implements Node {
      id: ID! title: String author: Person
      comments(first: Int = 3, last: Int): CommentConnection
    }
    type Comment implements Node { id: ID! body: String author: Person replies(first: Int): CommentConnection }
    type PostEdge { cursor: String! node: Post! }
    type PostConnection { edges: [PostEdge!]! nodes: [Post!]! pageInfo: PageInfo! totalCount: Int }
    type CommentEdge { cursor: String! node: Comment! }
    type CommentConnection { edges: [CommentEdge!]! nodes: [Comment!]! pageInfo: PageInfo! totalCount: Int }
    input Filter { names: [String!] inner: Filter }
    type Query {
      viewer: Person
      node(id: ID!): Node
      nodes(ids: [ID!]!): [Node]!
      feed(first: Int, last: Int, filterBy: Filter): PostConnection
      suggest(kinds: [String!], prefix: String): [Person!]!
      search(text: String, first: String): [Post!]!
    }
    type Mutation { rename(name: String): Person }
    type Subscription { feedUpdated: Post inboxUpdated: Post }
""")


def weigh(
    text: str, variables: dict[str, Any] | None = None, name: str | None = None, limits: Limits | None = None
) -> Weight:
    limits = limits or Limits()
    check_text(text, limits)
    return check_document(parse_text(text, limits), schema, name, variables, limits)


def refused(text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> GraphQLError:
    with pytest.raises(GraphQLError) as caught:
        weigh(text, variables, name)
    json.dumps(caught.value.formatted)  # whatever is said can be sent
    return caught.value


def exceeded(text: str, variables: dict[str, Any] | None = None) -> tuple[str, int, int]:
    error = refused(text, variables)
    assert isinstance(error, LimitExceeded)
    assert (error.extensions or {})["limit"] == error.limit
    return error.limit, error.measured, error.allowed


def code(error: GraphQLError) -> Any:
    return (error.extensions or {})["code"]


def nested(depth: int, leaf: str = "id") -> str:
    return "manager { " * depth + leaf + " }" * depth
