import { finish } from "../../src/mesh/topology/layout/steps.ts";
import { LayoutDesk, type LayoutAnswer, type LayoutJob } from "./layoutDesk.ts";

// The layout worker. It is built to one text, from which the page starts it.

interface WorkerScope {
  onmessage: ((event: MessageEvent<LayoutJob>) => void) | null;
  postMessage(message: LayoutAnswer, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
const desk = new LayoutDesk();

scope.onmessage = ({ data }) => {
  const { id } = data;
  try {
    const placement = finish(desk.steps(data));
    const { nodeX, nodeY, boxes } = placement;
    scope.postMessage({ id, placement }, [nodeX.buffer, nodeY.buffer, boxes.buffer]);
  } catch {
    scope.postMessage({ id, placement: undefined }, []);
  }
};
