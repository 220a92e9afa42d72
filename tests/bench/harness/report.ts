/** One table of figures, as it will stand in docs/benchmarks.md. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

/** A goal beside what was measured. It decides nothing: a bench never fails for being slow. */
export interface Goal {
  readonly id: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Report {
  readonly tables: readonly Table[];
  readonly goals?: readonly Goal[];
}

/** A report as it is kept in .botfactory/bench/<name>.json. */
export interface KeptReport extends Report {
  readonly name: string;
  readonly title: string;
  readonly at: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly machine: string;
  readonly failure?: string;
}
