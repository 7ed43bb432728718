import assert from "node:assert/strict";
import { test } from "node:test";
import "./support/useFakeVscode.ts";

const { CredentialStore } = await import("../../../src/editor/credentials.ts");

/** VS Code's SecretStorage as far as it is used. */
class MemorySecrets {
  readonly values = new Map<string, string>();
  readonly onDidChange = () => ({ dispose: () => undefined });
  get(key: string) {
    return Promise.resolve(this.values.get(key));
  }
  keys() {
    return Promise.resolve([...this.values.keys()]);
  }
  store(key: string, value: string) {
    this.values.set(key, value);
    return Promise.resolve();
  }
  delete(key: string) {
    this.values.delete(key);
    return Promise.resolve();
  }
}

test("S3: credentials belong to the UID of one cluster and can be cleared", async () => {
  const store = new CredentialStore(new MemorySecrets());
  await store.set("uid-a", { bearer: "abc" });
  assert.deepEqual(await store.get("uid-a"), { bearer: "abc" });
  assert.equal(await store.get("uid-b"), undefined);
  await store.clear("uid-a");
  assert.equal(await store.get("uid-a"), undefined);
});

for (const stored of ["", "{", "null", "7", '{"bearer":7}', '{"user":"me"}']) {
  test(`S3: a stored secret such as ${JSON.stringify(stored)} counts as not set`, async () => {
    const secrets = new MemorySecrets();
    secrets.values.set("foreyard.prometheus/uid-a", stored);
    assert.equal(await new CredentialStore(secrets).get("uid-a"), undefined);
  });
}
