import type { App, Permissions, User } from "../state/accounts.ts";
import { type GitHub, userOf } from "../state/github.ts";

export type Json = Record<string, unknown>;

export function userView({ links }: GitHub, user: User): Json {
  const api = `${links.api}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: `U_${user.id}`,
    avatar_url: `${links.web}/avatars/${user.id}`,
    gravatar_id: "",
    url: api,
    html_url: `${links.web}/${encodeURIComponent(user.login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

export function loginView(github: GitHub, login: string): Json {
  return userView(github, userOf(github, login));
}

export function loginViewOrNull(github: GitHub, login: string | null): Json | null {
  return login === null ? null : loginView(github, login);
}

/** What `GET /users/{username}` adds; of nobody does the embedded GitHub know more. */
export function publicUserView(github: GitHub, user: User): Json {
  return {
    ...userView(github, user),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: [...github.repositories.values()].filter(({ facts }) => facts.owner === user.login && !facts.private)
      .length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.created_at,
    updated_at: user.created_at,
  };
}

export function appView(github: GitHub, app: App, permissions: Permissions = {}): Json {
  const owner = github.users.get(`${app.slug}[bot]`);
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner: owner === undefined ? null : userView(github, owner),
    name: app.name,
    description: null,
    external_url: `${github.links.web}/apps/${app.slug}`,
    html_url: `${github.links.web}/apps/${app.slug}`,
    created_at: owner?.created_at ?? github.now(),
    updated_at: owner?.created_at ?? github.now(),
    permissions,
    events: [],
  };
}
