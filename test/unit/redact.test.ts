import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { redact } from "../../src/mesh/redact.ts";

const secret = fc.stringMatching(/^[A-Za-z0-9]{16,80}$/);
const base64url = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/);
// Around a secret there may be anything, but not letters that grow together with it.
const around = fc.tuple(fc.string(), fc.constantFrom(" ", "\n", "\t"));

function neverSurvives(what: string, hidden: fc.Arbitrary<string>, wrap: (secret: string) => string): void {
  it(`never lets through ${what}`, () => {
    fc.assert(
      fc.property(hidden, around, around, (value, [before, gap], [after]) => {
        const text = `${before.replaceAll(value, "")}${gap}${wrap(value)}\n${after.replaceAll(value, "")}`;
        assert.ok(!redact(text).includes(value), redact(text));
      }),
    );
  });
}

describe("redact", () => {
  neverSurvives("a token in YAML", secret, (s) => `token: ${s}`);
  neverSurvives("a quoted token in JSON", secret, (s) => `{"token": "${s}", "x": 1}`);
  neverSurvives("a token in an assignment", secret, (s) => `GITHUB_TOKEN=${s}`);
  neverSurvives("a token in a query", secret, (s) => `GET /x?access_token=${s}&y=1`);
  neverSurvives("a password", secret, (s) => `password: "${s}"`);
  neverSurvives("a client key", secret, (s) => `client-key-data: ${s}`);
  neverSurvives("a client certificate", secret, (s) => `"client-certificate-data":"${s}"`);
  neverSurvives("a plugin's answer", secret, (s) => `{"status":{"clientKeyData":"${s}","token":"${s}"}}`);
  neverSurvives(
    "a password with spaces, commas and quotes in it",
    secret,
    (s) => String.raw`"password": "a \"b, ${s};c"`,
  );
  neverSurvives("a password in single quotes", secret, (s) => `password: 'it''s, ${s}'`);
  neverSurvives("a password with signs in it", secret, (s) => `password: a,b;c&d{e}${s}`);
  neverSurvives("a password in quoted JSON", secret, (s) => String.raw`"{\"password\":\"a ${s}\"}"`);
  neverSurvives("a password on lines of its own", secret, (s) => `user:\n  password: |-\n    a\n    ${s}\n`);
  neverSurvives("the value of an option", secret, (s) => `kubectl --token ${s} get pods`);
  neverSurvives("the quoted value of an option", secret, (s) => `helm --client-secret 'a ${s}' ls`);
  neverSurvives("an AWS key", secret, (s) => `AWS_SECRET_ACCESS_KEY=${s}`);
  neverSurvives("an AWS key in JSON", secret, (s) => `{"SecretAccessKey": "${s}"}`);
  neverSurvives("a signed query", secret, (s) => `GET /x?X-Amz-Signature=${s}&X-Amz-Date=1`);
  neverSurvives("a storage account's key", secret, (s) => `AccountName=x;AccountKey=${s};`);
  neverSurvives("a cookie", secret, (s) => `Cookie: sid=a; session=${s}`);
  neverSurvives("a cookie that is set", secret, (s) => `set-cookie: sid=${s}; Path=/`);
  neverSurvives("a Secret's data in one line of YAML", secret, (s) => `kind: Secret\ndata: {a: eA==, b: ${s}}`);
  neverSurvives(
    "a Secret's data beside braces",
    secret,
    (s) => String.raw`{"stringData":{"a":"{\"x\":{}}","b":"${s}"}}`,
  );
  neverSurvives("a bearer header", secret, (s) => `Authorization: Bearer ${s}`);
  neverSurvives("a basic header", secret, (s) => `authorization=Basic ${s}==`);
  neverSurvives("a header in an object", secret, (s) => `{ authorization: 'Bearer ${s}' }`);
  neverSurvives("a header in a list", secret, (s) => `["Authorization","Bearer ${s}"]`);
  neverSurvives("a scheme without its header", secret, (s) => `sent Bearer ${s}`);
  neverSurvives("the user part of a URL", secret, (s) => `https://ann:${s}@host:6443/path`);
  neverSurvives("a user part with an at sign", secret, (s) => `https://ann:p@${s}@host/`);
  neverSurvives("a proxy's user part", secret, (s) => `http://${s}@proxy`);
  neverSurvives("a PEM block", secret, (s) => `-----BEGIN EC PRIVATE KEY-----\n${s}\n-----END EC PRIVATE KEY-----`);
  neverSurvives("a PEM block that is cut off", secret, (s) => `-----BEGIN CERTIFICATE-----\\n${s}`);
  neverSurvives(
    "a Secret's data in JSON",
    secret,
    (s) => `{"kind":"Secret","data":{"a":"eA==","b":"${s}"},"type":"Opaque"}`,
  );
  neverSurvives("a Secret's data in YAML", secret, (s) => `kind: Secret\ndata:\n  a: eA==\n  b: ${s}\ntype: Opaque`);
  neverSurvives(
    "a Secret's text data",
    secret,
    (s) => `apiVersion: v1\nkind: Secret\nstringData:\n  conf: |\n    x\n    ${s}\n`,
  );
  neverSurvives("a JSON web token", base64url, (s) => `got eyJhbGciOiJSUzI1NiJ9.${s}.${s}`);
  neverSurvives("an OpenShift token", secret, (s) => `oc login --x sha256~${s}`);
  neverSurvives("an EKS token", secret, (s) => `k8s-aws-v1.${s}`);

  it("lets ordinary sentences, paths, digests and names through unchanged", () => {
    for (const text of [
      "Cannot list Gateways in shop: forbidden.",
      "GET /apis/networking.istio.io/v1/namespaces/shop/virtualservices?limit=500&resourceVersion=12345",
      "image docker.io/istio/proxyv2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "https://prometheus.example.com:9090/api/v1/query?query=up",
      "kubectl auth can-i list pods --namespace shop --context arn:aws:eks:eu-west-1:1234:cluster/x",
      "The token of context prod is not accepted.",
      "GET /api/v1/query?query=up&time=1 status=200 ms=12 bytes=512",
      "The credential plugin aws of user me failed with code 255: sign in with aws sso login",
    ]) {
      assert.equal(redact(text), text);
    }
  });

  it("changes nothing more the second time", () => {
    fc.assert(
      fc.property(fc.string(), secret, (text, s) => {
        const once = redact(`${text} token: ${s} ${text} https://a:${s}@h Authorization: Bearer ${s}`);
        assert.equal(redact(once), once);
      }),
    );
  });

  it("ends on text that is hard on patterns", { timeout: 30_000 }, () => {
    const hard = ["a", "-", "a:", "token", "data:\n", " ", "https://", "-----BEGIN A", "eyJ", "{", '"data":{', "A1a"];
    for (const part of hard) assert.equal(typeof redact(part.repeat(20_000)), "string");
  });
});
