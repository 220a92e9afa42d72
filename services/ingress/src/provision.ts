import { provision } from "@botfactory/service-kit";
import { declareStreams } from "./streams.ts";

await provision("ingress", declareStreams);
