import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LoadErrorCode } from "./loader.ts";

/** Real documents, beside the repository; see ../shared/README.md. Not every clone has them. */
export const sharedDocsFolder = resolve(import.meta.dir, "../../../../shared/docs");
export const hasSharedDocs = existsSync(sharedDocsFolder);

export interface SharedDoc {
  /** Below `sharedDocsFolder`. */
  readonly file: string;
  /** Words seen in the document with another program (pdftotext, a browser, unzip). */
  readonly phrase?: string;
  readonly error?: LoadErrorCode;
}

/** What each file must yield: a phrase of its text, or the code of its refusal. */
export const sharedDocs: readonly SharedDoc[] = [
  { file: "csv/testCSV.csv", phrase: "Number: 14 | Square: 196" },
  { file: "doc/testWORD.doc", error: "not_supported_yet" },
  { file: "doc/testWordPerfect_42.doc", error: "unknown_format" },
  { file: "docx/NullHeader.docx", phrase: "snipers had also shot at protesters during a march" },
  { file: "docx/testAttachedTemplate.docx", phrase: "Document with external attached template" },
  { file: "docx/testOCR.docx", phrase: "Here is an embedded image:" },
  { file: "docx/testWORD.docx", phrase: "This one is in a different one, the Signature style" },
  { file: "docx/testWORD_2006ml.docx", phrase: "The quick brown fox jumped over the lazy brown dog." },
  { file: "docx/testWORD_EMFAndAttachments.docx", phrase: "This is test word document for parser." },
  { file: "docx/testWORD_numbered_list.docx", phrase: "How about a list over a section break" },
  { file: "docx/testWORD_phonetic.docx", phrase: "東京" },
  { file: "docx/testWORD_protected_passtika.docx", error: "encrypted" },
  { file: "docx/testWORD_totalTimeOutOfRange.docx", phrase: "This is a bold hyper link; bold, I say." },
  { file: "docx/testWORD_truncated.docx", error: "damaged" },
  { file: "docx/testWORD_various.docx", phrase: "ゾルゲと尾崎、淡々と最期" },
  { file: "epub/testEPUB_multi-metadata-vals.epub", phrase: "I inhabit the Fourth Dimension" },
  { file: "epub/testEPUB_xml_ext.epub", phrase: "It was a bright cold day in April" },
  { file: "html/testBrokenHTMLContainingRFC822.html", phrase: "Subject: An exciting subject" },
  { file: "html/testHTML.html", phrase: "Indexation du fichier" },
  { file: "html/testHTMLNoisyMetaEncoding_1.html", phrase: "وأعرب الاتحاد الجزائري وقتها عن" },
  { file: "html/testHTML_embedded_data_uri_js.html", phrase: "some content" },
  { file: "html/testHTML_utf8.html", phrase: "åäö" },
  { file: "md/testMARKDOWN.md", phrase: "Some bold and italic and struck text with inline code." },
  { file: "odt/testODTEncrypted.odt", error: "encrypted" },
  { file: "odt/testODTnotaZipFile.odt", error: "damaged" },
  { file: "odt/testStyles.odt", phrase: "And another test is here." },
  { file: "pdf/test.pdf", error: "no_text" },
  { file: "pdf/testExtraSpaces.pdf", phrase: "H e r e i s s o m e fo r m a tte d te x t" },
  {
    file: "pdf/testJournalParser.pdf",
    phrase: "untethered scratch drive actuator (USDA) that provides forward motion",
  },
  {
    // From the foot of the left column, over a footnote, to the head of the right one.
    file: "pdf/testJournalParser.pdf",
    phrase:
      "The high level of underactuation presents in such systems (all robots are controlled by a single global",
  },
  {
    file: "pdf/testJournalParser.pdf",
    phrase: "No. control pulses | NHG: 1 | STRING: 2 | SESat: O(n) | String-Cluster: 2 | SESATC: 6",
  },
  { file: "pdf/testOCR.pdf", error: "no_text" },
  { file: "pdf/testOverlappingText.pdf", phrase: "Text the second time" },
  { file: "pdf/testPDFTwoTextBoxes.pdf", phrase: "Left column line 1 Left column line 2" },
  { file: "pdf/testPDFVarious.pdf", phrase: "2) Number bullet 2" },
  { file: "pdf/testPDF_JBIG2.pdf", phrase: "This is a sample file to test images compressed using JBIG2." },
  { file: "pdf/testPDF_Version.11.x.PDFA-1b.pdf", error: "no_text" },
  {
    file: "pdf/testPDF_acroform3.pdf",
    phrase: "Example PDF file that contains a form with a signature field.",
  },
  { file: "pdf/testPDF_angles.pdf", phrase: "Mechanical engineering is highly multidisciplinary" },
  {
    file: "pdf/testPDF_bad_page_303226.pdf",
    phrase: "file periodic reports with the Special Agent in Charge",
  },
  {
    file: "pdf/testPDF_bad_page_303226.pdf",
    phrase: "Company: Bioline Laboratories | Trade name: Theophed | NDC code: 00719–1945 | Form: TB |",
  },
  { file: "pdf/testPDF_incrementalUpdates.pdf", phrase: "Testing Incremental" },
  { file: "pdf/testPDF_jsActionOnPage.pdf", error: "no_text" },
  { file: "pdf/testPDF_malformedXFA.pdf", error: "no_text" },
  {
    file: "pdf/testPDF_protected.pdf",
    phrase: "the first official case of Severe Acute Respiratory Syndrome (SARS)",
  },
  { file: "pdf/testPassword4Spaces.pdf", error: "encrypted" },
  { file: "pdf/testUnicodePassword.pdf", error: "encrypted" },
  { file: "pptx/testPPT_various.pptx", phrase: "Row 1 Col 1 | Row 1 Col 2 | Row 1 Col 3" },
  { file: "rtf/testRTF.rtf", phrase: "Test d’indexation Word" },
  {
    file: "rtf/testRTFCorruptListOverride.rtf",
    phrase: "eaten hot or cold, in pies or sauces, jams,coated in toffee",
  },
  { file: "txt/multi-language.txt", phrase: "español ABC intermediario uno bien conectado" },
  { file: "txt/russian.cp866.txt", phrase: "Лошадка, везущая хворосту воз." },
  { file: "xlsx/testDdeLink.xlsx", phrase: "Sheet1" },
  { file: "xlsx/testEXCEL.xlsx", phrase: "Number: 15 | Square: 225" },
  { file: "xml/testXXE.xml", error: "no_text" },
  { file: "zip/droste.zip", error: "too_deep" },
  { file: "zip/test-documents-spanned.zip", phrase: "title: Archimède et Lius" },
  { file: "zip/testZipEncrypted.zip", phrase: "unencrypted.txt  hello world" },
  { file: "zip/testZipEntryNameCharsetShiftSJIS.zip", phrase: "文章1.txt  あいうえお" },
];

/** A real help centre: 90 Markdown files, below `sharedDocsFolder`. Empty where the folder is missing. */
export function helpCenterFiles(): readonly string[] {
  if (!hasSharedDocs) return [];
  const files = readdirSync(join(sharedDocsFolder, "help-center"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => /\.mdx?$/.test(file)).map((file) => join("help-center", file));
}
