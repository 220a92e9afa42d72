/** A place somebody works at. */
export interface Place {
  /** Frees the place while the work goes on; false when that was done before or too many have. */
  stepAside(): boolean;
  leave(): void;
}

/** The places at which work goes on, counted by owner. */
export function placesTaken({ mostAside }: { readonly mostAside: number }) {
  const perOwner = new Map<string, number>();
  let all = 0;
  let aside = 0;
  const by = (owner: string) => perOwner.get(owner) ?? 0;

  function free(owner: string): void {
    all -= 1;
    if (by(owner) > 1) perOwner.set(owner, by(owner) - 1);
    else perOwner.delete(owner);
  }

  return {
    all: () => all,
    by,
    take(owner: string): Place {
      let isAside = false;
      all += 1;
      perOwner.set(owner, by(owner) + 1);
      return {
        stepAside() {
          if (isAside || aside >= mostAside) return false;
          isAside = true;
          aside += 1;
          free(owner);
          return true;
        },
        leave() {
          if (isAside) aside -= 1;
          else free(owner);
        },
      };
    },
  };
}
