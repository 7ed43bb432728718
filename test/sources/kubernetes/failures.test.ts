import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fill } from "../../../src/mesh/message.ts";
import type { MeshError, MeshErrorKind } from "../../../src/mesh/meshError.ts";
import { networkFailure, statusFailure, timeoutFailure } from "../../../src/sources/kubernetes/http/failures.ts";
import { signInAdvice } from "../../../src/sources/kubernetes/credentials/signInAdvice.ts";

const place = { context: "prod", host: "k:6443", signIn: signInAdvice("aws", ["eks", "get-token"]) };
const listing = { verb: "list", resource: "virtualservices.networking.istio.io", namespace: "shop" };
const one = { verb: "get", resource: "pods", namespace: "shop", name: "web" };
const text = (e: MeshError) => `${e.message} ${e.hint ? fill(e.hint) : ""}`.trim();
const status = (message: string, causes: unknown[] = []) =>
  JSON.stringify({ kind: "Status", message, details: { causes } });
const code = (name: string) => Object.assign(new Error("raw words"), { code: name });

describe("the words for a failure", () => {
  const rows: readonly (readonly [string, MeshError, MeshErrorKind, string])[] = [
    [
      "401",
      statusFailure(401, "", listing, place),
      "unauthorized",
      "The cluster of context prod does not accept the sign-in; it may have expired. Sign in again in a terminal, for example with: aws sso login",
    ],
    [
      "403 in a namespace",
      statusFailure(403, status("forbidden"), listing, place),
      "forbidden",
      "You may not list virtualservices.networking.istio.io in namespace shop of context prod. Ask for the right, and check it with: kubectl auth can-i list virtualservices.networking.istio.io --namespace shop --context prod",
    ],
    [
      "403 for the whole cluster of an oddly named context",
      statusFailure(403, "", { verb: "list", resource: "pods" }, { ...place, context: "it's here" }),
      "forbidden",
      String.raw`You may not list pods in the whole cluster of context it's here. Ask for the right, and check it with: kubectl auth can-i list pods --all-namespaces --context 'it'\''s here'`,
    ],
    [
      "404 of one object",
      statusFailure(404, "", one, place),
      "not-found",
      "There is no shop/pods/web in the cluster of context prod.",
    ],
    [
      "404 of a kind",
      statusFailure(404, "", listing, place),
      "not-found",
      "The cluster of context prod has no virtualservices.networking.istio.io. Its kind may have been removed, or is served in another version.",
    ],
    [
      "409",
      statusFailure(409, status("exists"), one, place),
      "conflict",
      "shop/pods/web in context prod was changed by someone else meanwhile, or is there already. Read it again and repeat the change.",
    ],
    [
      "409 of an apply",
      statusFailure(
        409,
        status("Apply failed", [
          { reason: "FieldManagerConflict", message: 'conflict with "argocd" using v1', field: ".spec.x" },
        ]),
        one,
        place,
      ),
      "conflict",
      'Others own fields of shop/pods/web in context prod: .spec.x ("argocd" using v1) Change them where their owner keeps them, or take them over on purpose.',
    ],
    [
      "410",
      statusFailure(410, "", listing, place),
      "expired",
      "The cluster of context prod no longer knows that state of shop/virtualservices.networking.istio.io. It is listed again.",
    ],
    [
      "422",
      statusFailure(422, status("Pod is invalid", [{ field: "spec.x", message: "Required value" }]), one, place),
      "invalid",
      "The cluster of context prod refuses shop/pods/web: spec.x: Required value",
    ],
    [
      "a webhook that denies with 403",
      statusFailure(403, status('admission webhook "validation.istio.io" denied the request: weights'), one, place),
      "invalid",
      'The cluster of context prod refuses shop/pods/web: admission webhook "validation.istio.io" denied the request: weights',
    ],
    [
      "429",
      statusFailure(429, "", listing, place),
      "throttled",
      "The cluster of context prod gets too many requests to list shop/virtualservices.networking.istio.io. Try again in a while, or show fewer namespaces.",
    ],
    [
      "503 with a page",
      statusFailure(503, "<html>upstream</html>", one, place),
      "unreachable",
      "The API server of context prod answered 503 to get shop/pods/web: HTML The server or something in front of it is in trouble; try again, or ask who runs it.",
    ],
    [
      "405",
      statusFailure(405, "", listing, place),
      "unsupported",
      "The cluster of context prod cannot list shop/virtualservices.networking.istio.io.",
    ],
    [
      "ENOTFOUND",
      networkFailure(code("ENOTFOUND"), one, place),
      "unreachable",
      "The address k:6443 of context prod was not found. Check the network or VPN, and the server in the kubeconfig.",
    ],
    [
      "ECONNREFUSED",
      networkFailure(code("ECONNREFUSED"), one, place),
      "unreachable",
      "Nothing listens at k:6443, the server of context prod. Is the cluster running? Check the server in the kubeconfig.",
    ],
    [
      "an unknown authority",
      networkFailure(code("SELF_SIGNED_CERT_IN_CHAIN"), one, place),
      "unreachable",
      "The certificate of k:6443 (context prod) is not trusted: SELF_SIGNED_CERT_IN_CHAIN. Check certificate-authority and tls-server-name in the kubeconfig (x509).",
    ],
    [
      "an expired certificate",
      networkFailure(code("CERT_HAS_EXPIRED"), one, place),
      "unreachable",
      "The certificate of k:6443 (context prod) is not trusted: CERT_HAS_EXPIRED. Check certificate-authority and tls-server-name in the kubeconfig (x509).",
    ],
    [
      "a proxy that refuses",
      networkFailure(new Error("Bad response: 407"), one, place),
      "unreachable",
      "The proxy on the way to k:6443 (context prod) answered 407. Check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY.",
    ],
    [
      "ECONNRESET",
      networkFailure(code("ECONNRESET"), one, place),
      "unreachable",
      "The connection to k:6443 (context prod) broke while trying to get shop/pods/web: ECONNRESET. Check the network or VPN and try again.",
    ],
    [
      "a timeout",
      timeoutFailure(10, one, place),
      "timeout",
      "k:6443 (context prod) did not answer within 10 s to get shop/pods/web. Check the network or VPN and try again.",
    ],
  ];
  for (const [what, error, kind, words] of rows) {
    it(`${what} say what was tried, on what, and what to do`, () => {
      assert.deepEqual([error.kind, text(error)], [kind, words]);
    });
  }

  it("hold no secret that the server's message held", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{20,60}$/);
    const wrap = fc.constantFrom(
      (s: string) => `token: ${s}`,
      (s: string) => `Authorization: Bearer ${s}`,
      (s: string) => `https://user:${s}@host/`,
      (s: string) => `{"kind":"Secret","data":{"a":"${s}"}}`,
      (s: string) => `-----BEGIN RSA PRIVATE KEY-----\n${s}\n-----END RSA PRIVATE KEY-----`,
    );
    fc.assert(
      fc.property(secret, wrap, fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500), (hidden, around, number) => {
        assert.ok(!text(statusFailure(number, status(around(hidden)), one, place)).includes(hidden));
        assert.ok(!text(statusFailure(number, around(hidden), one, place)).includes(hidden));
      }),
    );
  });

  it("name no cause of a hostile size", () => {
    assert.ok(text(statusFailure(500, "x".repeat(100_000), one, place)).length < 600);
  });
});

describe("the advice to sign in again", () => {
  for (const [command, args, words] of [
    ["/usr/local/bin/aws", [], /aws sso login/],
    ["gke-gcloud-auth-plugin", [], /gcloud auth login/],
    ["kubelogin", ["get-token"], /az login/],
    ["kubectl", ["oidc-login", "get-token"], /kubectl oidc-login/],
    ["tsh", ["kube"], /tsh login/],
    ["C:\\tools\\my-plugin.exe", [], /Run my-plugin\.exe in a terminal/],
    [undefined, [], /Renew the token or certificate/],
  ] as const) {
    it(`for ${command ?? "a fixed token"} says how`, () => assert.match(fill(signInAdvice(command, args)), words));
  }
});
