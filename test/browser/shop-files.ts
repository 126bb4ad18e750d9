/** What a plant shop would give its assistant. */
import { pdfFile } from "../../src/knowledge/loaders/test-files.fixture.ts";

const deliveryPages = [
  [
    { text: "Delivery", y: 720, size: 20 },
    { text: "We deliver plants inside the city on Tuesdays and Fridays.", y: 680 },
    { text: "Delivery costs 4.90 euros and is free for orders above 60 euros.", y: 660 },
  ],
  [
    { text: "Large trees", y: 720, size: 20 },
    { text: "Two people bring large trees to the door, which costs 19 euros.", y: 680 },
  ],
];

const workshops = `# Workshops

Pruning workshops take place on the first Saturday of each month at 10:00. They cost 25 euros per person, tools included.

# Gift cards

Gift cards are sold at the desk in amounts of 20, 50 and 100 euros. They are valid for three years.
`;

export const shopFiles = [
  { name: "delivery.pdf", mimeType: "application/pdf", buffer: Buffer.from(pdfFile(deliveryPages)) },
  { name: "workshops.md", mimeType: "text/markdown", buffer: Buffer.from(workshops) },
];
