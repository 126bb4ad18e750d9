/** A child that does what the name of the "file" asks for: the pool must survive all of it. */
process.on("message", (message: { id: string; fileName: string; resultPath: string; ocr: unknown }) => {
  const { id, fileName, resultPath, ocr } = message;
  if (fileName === "spin") for (;;);
  else if (fileName === "grow") {
    const hoard: Uint8Array[] = [];
    setInterval(() => hoard.push(new Uint8Array(32 * 1024 * 1024).fill(1)), 5);
  } else if (fileName === "crash") process.kill(process.pid, "SIGSEGV");
  else if (fileName === "exit" || (fileName === "scan.pdf" && typeof ocr !== "string")) process.exit(0);
  else if (fileName === "nonsense") {
    process.send?.({ hello: "world" });
    process.send?.({ id: "another", ok: true, resultBytes: 1 });
  } else {
    const text =
      fileName === "lie" ? "other text" : JSON.stringify({ env: { ...process.env }, pid: process.pid, ocr });
    const document = {
      text,
      blocks: [{ kind: "code", text: fileName === "lie" ? "not there" : text, start: 0 }],
    };
    const json = JSON.stringify({ ...document, format: "txt", mediaType: "text/plain" });
    void Bun.write(resultPath, json).then(() => process.send?.({ id, ok: true, resultBytes: json.length }));
  }
});
