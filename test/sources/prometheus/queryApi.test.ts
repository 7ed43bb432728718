import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MeshError, type MeshErrorKind } from "../../../src/mesh/meshError.ts";
import { readQueryAnswer } from "../../../src/sources/prometheus/http/queryApi.ts";

function read(body: unknown, status = 200) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readQueryAnswer({ status, contentType: "application/json", body: text }, "the store");
}

function vector(...result: readonly unknown[]) {
  return { status: "success", data: { resultType: "vector", result } };
}

function failure(body: unknown, status: number): MeshError {
  try {
    read(body, status);
  } catch (e) {
    if (MeshError.is(e)) return e;
    throw e;
  }
  throw new Error("it was read");
}

describe("the answer to a query", () => {
  it("reads numbers, NaN and infinities", () => {
    const values = ["1.5", "1e+06", "-0", "NaN", "+Inf", "-Inf"];
    const { samples } = read(vector(...values.map((value) => ({ metric: {}, value: [1, value] }))));
    assert.deepEqual(
      samples.map((sample) => sample.value),
      [1.5, 1e6, -0, NaN, Infinity, -Infinity],
    );
  });

  it("keeps labels with quotes, line breaks and names of Object's own", () => {
    const metric = JSON.parse('{"a":"x\\"y\\nz","__proto__":"p","constructor":"c"}') as object;
    const [sample] = read(vector({ metric, value: [1, "1"] })).samples;
    assert.deepEqual(Object.entries(sample?.labels ?? {}), [
      ["a", 'x"y\nz'],
      ["__proto__", "p"],
      ["constructor", "c"],
    ]);
  });

  it("reads an empty vector as no samples", () => {
    assert.deepEqual(read(vector()).samples, []);
  });

  it("passes warnings on, one line each, and leaves infos out", () => {
    const { warnings } = read({ ...vector(), warnings: ["store\nis <b>slow</b>", 7], infos: ["not a counter"] });
    assert.deepEqual(warnings, ["store is <b>slow</b>"]);
  });

  it("says that an answer of VictoriaMetrics' cluster is partial", () => {
    const { warnings, isVictoriaMetrics } = read({ ...vector(), isPartial: true });
    assert.deepEqual([warnings.length, isVictoriaMetrics], [1, true]);
  });

  const refusals: readonly (readonly [
    what: string,
    status: number,
    body: unknown,
    kind: MeshErrorKind,
    told: RegExp,
  ])[] = [
    [
      "a query it cannot parse",
      400,
      { status: "error", errorType: "bad_data", error: "parse error" },
      "invalid",
      /parse error/,
    ],
    [
      "a query too heavy",
      422,
      { status: "error", errorType: "execution", error: "too many samples" },
      "invalid",
      /samples/,
    ],
    [
      "a time-out of its own",
      503,
      { status: "error", errorType: "timeout", error: "timed out" },
      "timeout",
      /timed out/,
    ],
    ["a login page with 401", 401, "<html><style>b{}</style><h1>Sign in</h1></html>", "unauthorized", /401: Sign in/],
    ["a refusal", 403, "", "forbidden", /403/],
    ["a wrong path", 404, "404 page not found\n", "not-found", /page not found/],
    ["too many questions", 429, "slow down", "throttled", /slow down/],
    ["a gateway's error page", 502, "<h1>Bad Gateway</h1>", "unreachable", /Bad Gateway/],
    ["Kubernetes' Status", 503, { kind: "Status", message: "no endpoints available" }, "unreachable", /no endpoints/],
    ["an error with status 200", 200, { status: "error", errorType: "bad_data", error: "odd" }, "invalid", /odd/],
    ["a page with status 200", 200, "<html>hello</html>", "bad-data", /other than/],
    ["half a JSON", 200, '{"status":"success","data":{"resultType":"vec', "bad-data", /other than/],
    ["nothing", 200, "", "bad-data", /other than/],
    ["a series without a value", 200, vector({ metric: {} }), "bad-data", /without a value/],
    ["a value that is no number", 200, vector({ metric: {}, value: [1, "many"] }), "bad-data", /no number/],
    ["an empty value, which is not 0", 200, vector({ metric: {}, value: [1, ""] }), "bad-data", /no number/],
    ["labels that are no texts", 200, vector({ metric: { a: 1 }, value: [1, "1"] }), "bad-data", /without labels/],
    ["a matrix", 200, { status: "success", data: { resultType: "matrix", result: [] } }, "bad-data", /no vector/],
    ["no data", 200, { status: "success", data: null }, "bad-data", /no vector/],
  ];
  for (const [what, status, body, kind, told] of refusals) {
    it(`names the store and the reason for ${what}`, () => {
      const e = failure(body, status);
      assert.equal(e.kind, kind);
      assert.match(e.message, /the store/);
      assert.match(e.message, told);
    });
  }

  it("does not repeat a secret that the server sends back", () => {
    const { message } = failure({ status: "error", error: "bad header Authorization: Bearer s3cr3t-t0ken" }, 400);
    assert.match(message, /bad header/);
    assert.doesNotMatch(message, /s3cr3t/);
  });

  it("quotes a long error page only shortly, on one line", () => {
    const { message } = failure(`<p>${"x\n".repeat(5000)}</p>`, 500);
    assert.ok(message.length < 300 && !message.includes("\n"), message);
  });

  it("reads or refuses any JSON, and throws nothing but MeshErrors", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(200, 400, 500), (body, status) => {
        assert.equal(failure(body, status).name, "MeshError");
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (result) => {
        const body = JSON.stringify({ status: "success", data: { resultType: "vector", result: [result] } });
        assert.equal(failure(body, 200).kind, "bad-data");
      }),
    );
  });
});
