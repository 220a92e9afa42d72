import { type ReadModelPlace, rebuildReadModel } from "@botfactory/event-store";
import { usageReadModel } from "./read-model/read-model.ts";

/** Empties the collections of ai and fills them from the log, from any process and while the service runs. */
export function rebuildReadModels(place: ReadModelPlace): Promise<void> {
  return rebuildReadModel(usageReadModel, place);
}
