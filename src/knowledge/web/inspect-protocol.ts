/** What the parsing child is asked about files of the web, and what it answers. Both sides of the channel use this. */
import { z } from "zod";

/** Of all links of one answer, in letters: what is read on the main thread stays small. */
export const mostLinkLetters = 500_000;
export const mostLinks = 5_000;
/** Sitemaps that are read in one run at most. */
export const mostSitemaps = 50;
export const robotsAgent = "MetaChat";

export const webTask = z.object({
  kind: z.enum(["page", "sitemap", "robots"]),
  /** Where the file was read; of a robots.txt, the address that is asked about. */
  url: z.string(),
  /** The site's robots.txt; null where nobody has to be asked. */
  robotsPath: z.string().nullable(),
  scope: z.object({
    origins: z.array(z.string()).readonly(),
    include: z.array(z.string()).readonly(),
    exclude: z.array(z.string()).readonly(),
    start: z.string(),
  }),
});
export type WebTask = z.infer<typeof webTask>;

const addresses = z.array(z.string()).max(mostLinks);

export const pageFindings = z.object({
  /** Of the content: `html`, `pdf`… */
  format: z.string(),
  /** There is a reader for it, and it is something that people read. */
  readable: z.boolean(),
  title: z.string().optional(),
  /** The address that the page itself says it has, where that is another one of the site. */
  canonical: z.string().optional(),
  noindex: z.boolean(),
  /** On the site, wanted, and allowed by robots.txt. */
  links: addresses,
  /** … and those that robots.txt forbids. */
  refused: addresses,
  /** There were more links than can be taken. */
  more: z.boolean(),
});
export type PageFindings = z.infer<typeof pageFindings>;

export const sitemapFindings = z.object({
  /** It is one at all: a site may answer with a page where there is none. */
  isSitemap: z.boolean(),
  links: addresses,
  refused: addresses,
  /** Other sitemaps that it names. */
  sitemaps: addresses,
  more: z.boolean(),
});
export type SitemapFindings = z.infer<typeof sitemapFindings>;

export const robotsFindings = z.object({
  sitemaps: addresses,
  delayMs: z.number(),
  /** The address that was asked about, as it is stored; null: it is not of the site, or not wanted. */
  address: z.string().nullable(),
  allowed: z.boolean(),
});
export type RobotsFindings = z.infer<typeof robotsFindings>;
