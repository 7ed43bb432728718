import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { connectionOf } from "../../../src/sources/kubernetes/kubeconfig/connection.ts";
import type { ClusterFields, UserFields } from "../../../src/sources/kubernetes/kubeconfig/kubeconfigFile.ts";
import { FakeApiServer, kubeconfigOf, sendJson, sendStatus, sourceAt } from "./fakeApiServer.ts";
import { HandClock } from "./handClock.ts";
import { pods } from "./kinds.ts";

const { signal } = new AbortController();
const pod = { metadata: { name: "web" } };
const v1 = "client.authentication.k8s.io/v1";
const connect = (cluster: ClusterFields, user: UserFields = {}, isTrusted = true) =>
  connectionOf(kubeconfigOf(cluster, user), "test", () => isTrusted);
const server = "https://k:6443";

describe("a context", () => {
  const refused: readonly (readonly [string, ClusterFields, UserFields, RegExp])[] = [
    ["without a server", {}, {}, /cluster k in \/home\/dev\/config has no server/],
    ["with a server that is no URL", { server: "https://u:SECRET@ :x" }, {}, /of the cluster k .* is not a URL/],
    ["with a server of another scheme", { server: "ftp://k" }, {}, /is not a URL/],
    [
      "with an authority and none",
      { server, "certificate-authority": "x", "insecure-skip-tls-verify": true },
      {},
      /only one/,
    ],
    [
      "with an auth-provider",
      { server },
      { "auth-provider": { name: "gcp" } },
      /auth-provider gcp, which Kubernetes has removed/,
    ],
    [
      "with a certificate without its key",
      { server },
      { "client-certificate": "x" },
      /only one of client certificate and key/,
    ],
    ["with a token and a password", { server }, { token: "SECRET", password: "SECRET" }, /both a token and a password/],
    [
      "with an exec plugin without a command",
      { server },
      { exec: { apiVersion: v1 } },
      /lacks its command or apiVersion/,
    ],
    [
      "with an exec plugin of an old version",
      { server },
      { exec: { command: "x", apiVersion: "client.authentication.k8s.io/v1alpha1" } },
      /v1 and v1beta1 are understood/,
    ],
    ["that impersonates groups of nobody", { server }, { "as-groups": ["g"] }, /without a user/],
  ];
  for (const [what, cluster, user, words] of refused) {
    it(`${what} is refused in words, without a secret`, () => {
      assert.throws(
        () => connect(cluster, user),
        (e) => MeshError.is(e) && words.test(e.message) && !e.message.includes("SECRET"),
      );
    });
  }

  it("that is not there, or names what is not there, is refused by name", () => {
    const kubeconfig = kubeconfigOf({ server });
    const none = { ...kubeconfig, users: new Map(), clusters: new Map() };
    const noUser = { ...kubeconfig, users: new Map() };
    const refuse = (config: typeof kubeconfig, context: string) => {
      try {
        connectionOf(config, context, () => true);
        return "";
      } catch (e) {
        return e instanceof Error ? e.message : "";
      }
    };
    assert.equal(refuse(kubeconfig, "other"), "There is no context other in the kubeconfig.");
    assert.equal(refuse(none, "test"), "The context test names the cluster k, which the kubeconfig does not have.");
    assert.equal(refuse(noUser, "test"), "The context test names the user u, which the kubeconfig does not have.");
  });

  it("that cannot be used makes calls fail, not the opening", async () => {
    const source = sourceAt("ftp://k");
    await assert.rejects(source.kinds(signal), { kind: "misconfigured" });
  });

  it("takes relative files and plugins from the folder of the kubeconfig, bare plugin names from PATH", () => {
    const exec = { command: "./bin/plugin", apiVersion: v1 };
    const user = { exec, tokenFile: "../token", "client-certificate": "a.crt", "client-key": "/abs/a.key" };
    const { identity, authority } = connect({ server, "certificate-authority": "pki/ca.crt" }, user);
    assert.deepEqual(
      [identity.exec?.command, identity.tokenFile, identity.cert, identity.key, authority],
      [
        "/home/dev/bin/plugin",
        "/home/token",
        { file: "/home/dev/a.crt" },
        { file: "/abs/a.key" },
        { file: "/home/dev/pki/ca.crt" },
      ],
    );
    assert.equal(connect({ server }, { exec: { command: "aws", apiVersion: v1 } }).identity.exec?.command, "aws");
  });

  it("prefers data in place to files, as kubectl does", () => {
    const { authority } = connect({ server, "certificate-authority": "ca.crt", "certificate-authority-data": "aGk=" });
    assert.deepEqual(authority, { data: Buffer.from("hi") });
  });

  for (const [given, cluster, url] of [
    ["k.example:6443", {}, "http://k.example:6443/"],
    ["k.example:6443", { "insecure-skip-tls-verify": true }, "https://k.example:6443/"],
    ["https://u:p@k/base/", {}, "https://k/base"],
  ] as const) {
    it(`with the server ${given} and ${JSON.stringify(cluster)} goes to ${url}`, () => {
      assert.equal(connect({ server: given, ...cluster }).server.href, url);
    });
  }

  it("that is not trusted may name a token file beside it, and no other", () => {
    assert.equal(connect({ server }, { tokenFile: "token" }, false).identity.tokenFile, "/home/dev/token");
    assert.throws(() => connect({ server }, { tokenFile: "/home/dev/../me/.ssh/id" }, false), {
      kind: "misconfigured",
    });
  });
});

describe("a request is signed", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-token-"));
  });
  after(() => rm(folder, { recursive: true }));
  const signed = async (user: UserFields) => {
    await using fake = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    await sourceAt(fake.url, { user }).get(pods, "shop", "web", signal);
    return fake.headers[0] ?? {};
  };

  it("with a token, or with name and password", async () => {
    assert.equal((await signed({ token: "t" })).authorization, "Bearer t");
    assert.equal(
      (await signed({ username: "ann", password: "ü:" })).authorization,
      `Basic ${Buffer.from("ann:ü:").toString("base64")}`,
    );
    assert.equal((await signed({})).authorization, undefined);
  });

  it("with a token rather than by a plugin", async () => {
    const user = { token: "t", exec: { command: "foreyard-no-such-plugin", apiVersion: v1 } };
    assert.equal((await signed(user)).authorization, "Bearer t");
  });

  it("in the name of who is impersonated, all groups and extras included", async () => {
    const headers = await signed({
      as: "ann",
      "as-uid": "7",
      "as-groups": ["g1", "g2"],
      "as-user-extra": { "acme.io/reason": ["a", "b"] },
    });
    assert.deepEqual(
      [
        headers["impersonate-user"],
        headers["impersonate-uid"],
        headers["impersonate-group"],
        headers["impersonate-extra-acme.io%2freason"],
      ],
      ["ann", "7", "g1, g2", "a, b"],
    );
  });

  it("with a token file that is read again when it may have changed, and at once after a 401", async () => {
    const clock = new HandClock();
    const tokenFile = path.join(folder, "token");
    let accepted = "one";
    await using fake = await FakeApiServer.start(({ request, response }) =>
      request.headers.authorization === `Bearer ${accepted}` ? sendJson(response, pod) : sendStatus(response, 401),
    );
    const source = sourceAt(fake.url, { user: { tokenFile, token: "ignored" }, clock });
    const get = () => source.get(pods, "shop", "web", signal);
    await writeFile(tokenFile, "one\n");
    await get();
    accepted = "two";
    await writeFile(tokenFile, "two\n");
    await get();
    await writeFile(tokenFile, "three\n");
    clock.advance(11_000);
    accepted = "three";
    await get();
    assert.deepEqual(
      fake.headers.map(({ authorization }) => authorization),
      ["Bearer one", "Bearer one", "Bearer two", "Bearer three"],
    );
  });

  it("or not sent at all where the token file is missing or holds what no header may", async () => {
    await assert.rejects(signed({ tokenFile: path.join(folder, "none") }), { kind: "misconfigured" });
    await assert.rejects(
      signed({ token: "a\nb: SECRET" }),
      (e) => MeshError.is(e, "misconfigured") && !e.message.includes("SECRET"),
    );
  });
});
