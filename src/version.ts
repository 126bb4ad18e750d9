/** The release. `build.ts` puts package.json into the executable. */
import manifest from "../package.json" with { type: "json" };

export const version: string = manifest.version;
