import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findPrograms } from "../../cluster/controlPlanePrograms.ts";
import { askKubectl, ownReading } from "./askKubectl.ts";
import { viewOf, type KubeconfigCase } from "./kubeconfigCases.ts";

const found = await findPrograms(["kubectl"]);

const name = fc.constantFrom("a", "b", "dev", "gke_p_z_c", "arn:aws:eks:eu:1:cluster/x", "", "5", "yes", "it's");
// Mostly quoted; sometimes as YAML reads it, which may be a number or a boolean and then refuses the file.
const scalar = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.integer({ min: 0, max: 19 }))
    .map(([value, dice]) => (dice === 0 && /^[\w.-]+$/.test(value) ? value : JSON.stringify(value)));
const word = scalar(fc.oneof(name, fc.constantFrom("https://h:1", "./x", "../y/z", "on", "0777", "1_0", "~", "no")));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

function mapping(fields: Readonly<Record<string, fc.Arbitrary<string | undefined>>>): fc.Arbitrary<string> {
  return fc.record(fields).map((record) => {
    const parts = Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
    return `{${parts.join(", ")}}`;
  });
}
const list = (item: fc.Arbitrary<string>, maxLength = 4) =>
  fc.array(item, { maxLength }).map((items) => `[${items.join(", ")}]`);

const flag = fc.constantFrom("true", "false", "yes", "off", "null");
const cluster = mapping({
  server: maybe(word),
  "tls-server-name": maybe(word),
  "insecure-skip-tls-verify": maybe(flag),
  "certificate-authority": maybe(word),
  "certificate-authority-data": maybe(fc.constantFrom("aGk=", '""', "aGkh")),
  "proxy-url": maybe(word),
});
const exec = mapping({
  command: maybe(word),
  args: maybe(list(word)),
  env: maybe(list(mapping({ name: word, value: word }), 2)),
  apiVersion: maybe(word),
  provideClusterInfo: maybe(flag),
});
const user = mapping({
  token: maybe(word),
  tokenFile: maybe(word),
  username: maybe(word),
  password: maybe(word),
  as: maybe(word),
  "as-groups": maybe(list(word)),
  "as-user-extra": maybe(mapping({ reason: maybe(list(word, 2)) })),
  "client-certificate": maybe(word),
  "client-key-data": maybe(fc.constantFrom("aGk=", "aGkh")),
  exec: maybe(exec),
  unknown: maybe(word),
});
const context = mapping({ cluster: maybe(word), user: maybe(word), namespace: maybe(word) });
// Names of one list are mostly different, as a name that comes twice refuses the file.
const entries = (key: string, body: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(name, body), { maxLength: 4 })
    .chain((made) => fc.boolean().map((mayRepeat) => (mayRepeat ? made : [...new Map(made)])))
    .map((made) => `[${made.map(([n, b]) => `{name: ${JSON.stringify(n)}, ${key}: ${b}}`).join(", ")}]`);
const file = fc
  .record({
    clusters: maybe(entries("cluster", cluster)),
    users: maybe(entries("user", user)),
    contexts: maybe(entries("context", context)),
    "current-context": maybe(word),
    kind: maybe(fc.constantFrom("Config", "Config", "Pod")),
  })
  .map((parts) => Object.entries(parts).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}\n`])))
  .map((lines) => lines.join(""));
const asked: fc.Arbitrary<KubeconfigCase> = fc
  .record({ a: file, "x/b": file, c: file })
  .chain((files) =>
    fc
      .array(fc.constantFrom("a", "x/b", "c", "", "missing"), { minLength: 1, maxLength: 5 })
      .map((order) => ({ name: "generated", files, kubeconfig: order.join(":") })),
  )
  .filter(({ kubeconfig }) => kubeconfig !== "");

describe("a kubeconfig beside the real kubectl", { skip: found.skip, timeout: 300_000 }, () => {
  it("is merged, refused and made current in the same way, for hundreds of configurations", async () => {
    if (found.skip !== false) return;
    const { kubectl } = found.programs;
    const cases = fc.sample(asked, { numRuns: 250, seed: 20261122 });
    const tally = { read: 0, refused: 0 };
    const compare = async (one: KubeconfigCase) => {
      const [own, theirs] = await Promise.all([ownReading(one), askKubectl(kubectl, one)]);
      const about = `${one.kubeconfig} of ${JSON.stringify(one.files, null, 1)}`;
      assert.equal(own.problems.length > 0, theirs === undefined, `refused alike: ${about}`);
      tally[theirs === undefined ? "refused" : "read"]++;
      if (theirs === undefined) return;
      assert.deepEqual(viewOf(own), theirs, about);
    };
    for (let i = 0; i < cases.length; i += availableParallelism()) {
      await Promise.all(cases.slice(i, i + availableParallelism()).map(compare));
    }
    assert.ok(tally.read > 50 && tally.refused > 50, JSON.stringify(tally));
  });
});
