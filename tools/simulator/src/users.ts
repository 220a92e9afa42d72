import type { Chat, User } from "./message.ts";

export interface UserWish {
  readonly id: number;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
}

export type Users = ReturnType<typeof users>;

export function users(known: readonly User[]) {
  const byId = new Map(known.map((user) => [user.id, user]));

  /** Tests may send as a user nobody introduced: then a plain one is made up. */
  function meet(wish: UserWish): User {
    const before = byId.get(wish.id);
    const user: User = {
      id: wish.id,
      is_bot: false,
      first_name: wish.first_name ?? before?.first_name ?? `User ${wish.id}`,
      last_name: wish.last_name ?? before?.last_name,
      username: wish.username ?? before?.username,
      language_code: wish.language_code ?? before?.language_code ?? "en",
    };
    byId.set(user.id, user);
    return user;
  }

  return { meet, get: (id: number) => byId.get(id), list: () => [...byId.values()] };
}

export function privateChat({ id, first_name, last_name, username }: User): Chat {
  return { id, type: "private", first_name, ...(last_name && { last_name }), ...(username && { username }) };
}
