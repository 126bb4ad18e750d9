import { DocumentBuilder } from "./document-builder.ts";
import type { Loader } from "./loader.ts";
import { odfTitle, openOdf } from "./odf-package.ts";
import { OdfStyles } from "./odf-styles.ts";
import { OdsSheets } from "./ods-sheets.ts";
import { buildSpreadsheet } from "./sheet-document.ts";

/** OpenDocument spreadsheets (.ods): every sheet that is shown, row by row, with the values as shown. */
export const odsLoader: Loader = {
  format: "ods",
  async load(bytes) {
    const source = openOdf(bytes, { name: "OpenDocument spreadsheet", program: "LibreOffice" });
    const builder = new DocumentBuilder();
    const sheets = new OdsSheets(builder, new OdfStyles(source));
    sheets.read(source);
    if (builder.isEmpty) throw source.noText();
    return buildSpreadsheet(builder, odfTitle(source), sheets.hiddenSheets, sheets.hasHidden);
  },
};
