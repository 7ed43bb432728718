import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shop } from "../../../pages/support/meshCalls.ts";
import type { Picture } from "../../../../webview/topology/picture.ts";
import { placeOf, siblings, targetAt, walk, type Place, type Step } from "../../../../webview/topology/walk.ts";
import { pictureOfLines } from "./pictures.ts";

const service = (name: string, namespace = "shop") => `service/demo-eu/${namespace}/${name}`;
const workload = (name: string, namespace = "shop") => `workload/demo-eu/${namespace}/${name}`;

function at(picture: Picture, id: string): Place {
  const place = placeOf(picture, { what: "node", id });
  assert.ok(place, `${id} is not in the picture`);
  return place;
}

/** Where these steps lead from a node. */
function after(picture: Picture, from: string, ...steps: readonly Step[]): string | undefined {
  const place = steps.reduce<Place | undefined>((now, step) => walk(picture, now, step), at(picture, from));
  return place && targetAt(picture, place.stop)?.id;
}

describe("Walking the picture", () => {
  const picture = pictureOfLines(shop);

  it("goes downstream to where most of the traffic goes", () => {
    assert.equal(after(picture, workload("front-v1"), "downstream"), service("catalog"));
  });

  it("goes up and down among what the last step could have led to", () => {
    assert.equal(after(picture, workload("front-v1"), "downstream", "next"), service("reviews"));
    assert.equal(after(picture, workload("front-v1"), "downstream", "next", "next"), service("charge", "payments"));
    assert.equal(after(picture, workload("front-v1"), "downstream", "next", "previous"), service("catalog"));
  });

  it("goes upstream to the caller with the most traffic", () => {
    assert.equal(after(picture, service("ratings"), "upstream"), workload("reviews-v1"));
    assert.equal(after(picture, service("ratings"), "upstream", "next"), workload("reviews-v2"));
  });

  it("stays where there is nothing that way", () => {
    assert.equal(after(picture, workload("ratings-v1"), "downstream"), workload("ratings-v1"));
    assert.equal(
      after(picture, workload("istio-ingressgateway", "istio-system"), "upstream"),
      workload("istio-ingressgateway", "istio-system"),
    );
  });

  it("stops on edges on the way where that is asked for", () => {
    const edge = `${workload("front-v1")}>${service("catalog")}:grpc`;
    assert.equal(after(picture, workload("front-v1"), "edgeOut"), edge);
    assert.equal(
      after(picture, workload("front-v1"), "edgeOut", "next"),
      `${workload("front-v1")}>${service("reviews")}:http`,
    );
    assert.equal(after(picture, workload("front-v1"), "edgeOut", "downstream"), service("catalog"));
    assert.equal(after(picture, workload("front-v1"), "edgeOut", "upstream"), workload("front-v1"));
  });

  it("goes from a selected edge as from one that was walked to", () => {
    const place = placeOf(picture, { what: "edge", id: `${workload("front-v1")}>${service("reviews")}:http` });
    const next = place && walk(picture, place, "downstream");
    assert.equal(next && targetAt(picture, next.stop)?.id, service("reviews"));
  });

  it("starts at the first thing in reading order, which has the traffic before it", () => {
    const place = walk(picture, undefined, "downstream");
    assert.equal(place && targetAt(picture, place.stop)?.id, workload("istio-ingressgateway", "istio-system"));
  });

  it("takes a collapsed box for what is in it", () => {
    const folded = pictureOfLines(shop, ["box/demo-eu/payments"]);
    assert.equal(after(folded, workload("front-v1"), "downstream", "next", "next"), "box/demo-eu/payments");
    assert.equal(targetAt(folded, at(folded, workload("charge-v1", "payments")).stop)?.id, "box/demo-eu/payments");
  });

  it("finds what has left the picture nowhere, and goes on from the start", () => {
    const gone = pictureOfLines(shop.slice(0, 1));
    const place = walk(gone, at(picture, service("ratings")), "downstream");
    assert.equal(place && targetAt(gone, place.stop)?.id, workload("istio-ingressgateway", "istio-system"));
  });

  it("has nowhere to be in an empty picture", () => {
    assert.equal(walk(pictureOfLines([]), undefined, "first"), undefined);
  });

  it("reaches every sibling by going on", () => {
    const first = walk(picture, undefined, "first");
    assert.ok(first);
    const start = at(picture, service("front"));
    const end = start.stop.at === "end" ? picture.endOf(start.stop.target) : undefined;
    assert.ok(end !== undefined);
    const names = siblings(picture, end).map((other) => picture.endName(other));
    assert.deepEqual([...names].sort(), [
      ...["catalog", "catalog-v1", "front", "front-v1", "ratings", "ratings-v1"],
      ...["reviews", "reviews-v1", "reviews-v2"],
    ]);
  });
});
