// What the bench's page measures; apart from it, since whoever reads it runs in no page.

/** Milliseconds, unless a name says otherwise. */
export interface PageFigures {
  readonly hasWorker: boolean;
  readonly snapshotBytes: number;
  readonly transfer: number;
  readonly layoutCold: number;
  readonly layoutNext: number;
  readonly layoutSame: number;
  readonly longestGap: number;
  readonly firstFrame: number;
  readonly firstFrameOpen: number;
  readonly metricsRefresh: number;
  readonly panP95: number;
  readonly zoomP95: number;
  readonly panOpenP95: number;
  readonly zoomOpenP95: number;
  readonly movedMetricsOnly: number;
  readonly movedFar: number;
  readonly meanMove: number;
  readonly survivors: number;
  readonly faults: readonly string[];
  readonly heapMegabytes: number;
}
