import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query-client.ts";
import { App } from "./app.tsx";
import { startRouter } from "./router/history.ts";
import { startTheme } from "./ui/theme.ts";

startTheme();
startRouter();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id 'root'.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
