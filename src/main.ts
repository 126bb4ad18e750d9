/** Entry: picks a command and sets the exit code. */
import { runCommand } from "./cli/commands.ts";

process.exitCode = await runCommand(process.argv.slice(2));
// Nothing may keep a finished command alive.
process.exit();
