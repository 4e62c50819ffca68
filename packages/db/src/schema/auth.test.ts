import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/libsql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../failures.ts";
import { databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import { authAccount, authSession, authUser, authVerification } from "./auth.ts";

// The auth library speaks to these tables by drizzle over our client, on a file as on a server.
describe.each(databases)("who signs in, in $name", ({ open }) => {
  let temp: TempDatabase;
  let orm: ReturnType<typeof drizzle>;

  beforeAll(async () => {
    temp = await open();
    orm = drizzle(temp.database.client);
  });
  afterAll(() => temp.close());

  const at = (ms: number) => new Date(NOON + ms);
  const times = { createdAt: at(1), updatedAt: at(2) };
  const aUser = () => {
    const id = `user_${unique()}`;
    return {
      id,
      name: "Zoë",
      email: `${id}@example.com`,
      emailVerified: true,
      image: null,
      ...times,
    };
  };

  test("a person, a session, a password and a one-time value come back as they went in", async () => {
    const user = aUser();
    const session = {
      id: unique(),
      token: unique(),
      userId: user.id,
      expiresAt: at(9),
      ipAddress: "::1",
      userAgent: null,
      ...times,
    };
    const account = {
      id: unique(),
      accountId: user.id,
      providerId: "credential",
      userId: user.id,
      accessToken: null,
      refreshToken: null,
      idToken: null,
      accessTokenExpiresAt: at(7),
      refreshTokenExpiresAt: null,
      scope: null,
      password: "salt:hash",
      ...times,
    };
    const verification = { id: unique(), identifier: "x", value: "y", expiresAt: at(3), ...times };
    const stored = { ...user, lastAccountId: null };
    expect(await orm.insert(authUser).values(user).returning()).toEqual([stored]);
    await orm.insert(authSession).values(session);
    await orm.insert(authAccount).values(account);
    await orm.insert(authVerification).values(verification);
    expect(await orm.select().from(authUser).where(eq(authUser.id, user.id))).toEqual([stored]);
    expect(await orm.select().from(authSession)).toEqual([{ ...session, activeAccountId: null }]);
    expect(await orm.select().from(authAccount)).toEqual([account]);
    expect(await orm.select().from(authVerification)).toEqual([verification]);
  });

  test("an address is one person's", async () => {
    const user = aUser();
    await orm.insert(authUser).values(user);
    const again = orm.insert(authUser).values({ ...aUser(), email: user.email });
    await expect(again.then(() => null, failureOf)).resolves.toMatchObject({
      name: "ConstraintViolated",
      isConflict: false,
    });
  });

  test("a person who goes takes sessions and passwords along", async () => {
    const user = aUser();
    await orm.insert(authUser).values(user);
    await orm
      .insert(authSession)
      .values({ id: unique(), token: unique(), userId: user.id, expiresAt: at(9), ...times });
    await orm.delete(authUser).where(eq(authUser.id, user.id));
    expect(await orm.select().from(authSession).where(eq(authSession.userId, user.id))).toEqual([]);
  });
});
