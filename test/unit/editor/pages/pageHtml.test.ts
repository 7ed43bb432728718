import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pageHtml } from "../../../../src/editor/pages/pageHtml.ts";

const assets = {
  script: "https://page.test/topology.js",
  style: "https://page.test/topology.css",
  cspSource: "https://*.page.test",
  locale: "en",
};

describe("pageHtml", () => {
  it("W1: allows one script by its nonce, styles, fonts and pictures of the extension, workers from blobs, and nothing else", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(pageHtml(assets, "abc"))?.[1];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-abc'; style-src https://*.page.test; font-src https://*.page.test; " +
        "img-src https://*.page.test data:; worker-src blob:",
    );
  });

  it("W1: has no style and no script of its own in it", () => {
    const html = pageHtml(assets);
    assert.doesNotMatch(html, /<style|style=|\son\w+=/);
    assert.deepEqual(html.match(/<script[^>]*>[^<]*/g)?.length, 1);
  });

  it("W1: makes another nonce of at least 16 bytes for each document", () => {
    const nonces = Array.from({ length: 50 }, () => /nonce="([^"]*)"/.exec(pageHtml(assets))?.[1] ?? "");
    assert.equal(new Set(nonces).size, 50);
    assert.ok(nonces.every((nonce) => Buffer.from(nonce, "base64").byteLength >= 16));
  });

  it("lets no address end its attribute", () => {
    const html = pageHtml({ ...assets, script: 'https://page.test/"><script>alert(1)</script>', locale: '"><b>' });
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, /<b>/);
  });
});
