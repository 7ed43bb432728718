import type { WorkloadRecord } from "./workloads/workloadRecord.ts";

/** What has to be looked at again before the next answer. */
export class ChangeMarks {
  readonly workloads = new Set<WorkloadRecord>();
  readonly services = new Set<string>();
  isClusterMarked = true;

  workload(workload: WorkloadRecord): void {
    this.workloads.add(workload);
    this.isClusterMarked = true;
  }

  service(id: string): void {
    this.services.add(id);
    this.isClusterMarked = true;
  }

  cluster(): void {
    this.isClusterMarked = true;
  }

  clear(): void {
    this.workloads.clear();
    this.services.clear();
    this.isClusterMarked = false;
  }
}
