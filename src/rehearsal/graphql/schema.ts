import { buildSchema } from "graphql";

/** The part of GitHub's schema that is answered: what REST does not tell, and the way there. */
export const schemaText = `
  scalar DateTime
  scalar BigInt

  type Query {
    viewer: User!
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    repository(owner: String!, name: String!): Repository
  }

  interface Node { id: ID! }
  interface Actor { login: String! }

  type User implements Node & Actor { id: ID! login: String! databaseId: Int }
  type Bot implements Node & Actor { id: ID! login: String! databaseId: Int }
  type Organization implements Node & Actor { id: ID! login: String! databaseId: Int }

  interface Comment {
    id: ID!
    author: Actor
    editor: Actor
    body: String!
    createdAt: DateTime!
    lastEditedAt: DateTime
    includesCreatedEdit: Boolean!
    updatedAt: DateTime!
  }

  type IssueComment implements Node & Comment {
    id: ID!
    databaseId: Int
    fullDatabaseId: BigInt
    author: Actor
    editor: Actor
    body: String!
    createdAt: DateTime!
    lastEditedAt: DateTime
    includesCreatedEdit: Boolean!
    updatedAt: DateTime!
  }

  type PullRequestReview implements Node & Comment {
    id: ID!
    databaseId: Int
    fullDatabaseId: BigInt
    author: Actor
    editor: Actor
    body: String!
    createdAt: DateTime!
    lastEditedAt: DateTime
    includesCreatedEdit: Boolean!
    updatedAt: DateTime!
    submittedAt: DateTime
    state: PullRequestReviewState!
  }

  enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING }

  type Repository implements Node {
    id: ID!
    pullRequest(number: Int!): PullRequest
  }

  type PullRequest implements Node {
    id: ID!
    number: Int!
    headRefOid: GitObjectID!
    timelineItems(
      itemTypes: [PullRequestTimelineItemsItemType!]
      first: Int
      after: String
    ): PullRequestTimelineItemsConnection!
  }

  scalar GitObjectID

  enum PullRequestTimelineItemsItemType { COMMENT_DELETED_EVENT }

  type PullRequestTimelineItemsConnection {
    nodes: [PullRequestTimelineItems]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type PageInfo { endCursor: String hasNextPage: Boolean! }

  union PullRequestTimelineItems = CommentDeletedEvent

  type CommentDeletedEvent implements Node {
    id: ID!
    actor: Actor
    createdAt: DateTime!
    databaseId: Int
    deletedCommentAuthor: Actor
  }
`;

export const schema = buildSchema(schemaText);
