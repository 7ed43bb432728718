import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceAt } from "./fakeApiServer.ts";

const never = new AbortController().signal;
const server = "http://127.0.0.1:1";

test("a cluster lends the token that its context signs in with, for servers that check it themselves", async () => {
  const source = sourceAt(server, { user: { token: "of-alice" } });
  assert.equal(await source.token?.(never), "of-alice");
});

test("a context that signs in without a token has none to lend", async () => {
  const source = sourceAt(server, { user: { username: "alice", password: "secret" } });
  assert.equal(await source.token?.(never), undefined);
});

test("who acts as somebody else does not lend the token of who they really are", async () => {
  const source = sourceAt(server, { user: { token: "of-alice", as: "bob" } });
  assert.equal(await source.token?.(never), undefined);
});
