/** What is used of the package: its own types cannot be found by way of its `exports`. */
declare module "tesseract-wasm" {
  export const layoutFlags: { readonly StartOfLine: number; readonly EndOfLine: number };

  export interface TextItem {
    readonly rect: {
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    };
    /** Of `layoutFlags`. */
    readonly flags: number;
    /** 0..1 */
    readonly confidence: number;
    readonly text: string;
  }

  export interface OCREngine {
    loadModel(model: Uint8Array | ArrayBuffer): void;
    loadImage(image: {
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
    }): void;
    clearImage(): void;
    setVariable(name: string, value: string): void;
    getTextBoxes(unit: "word" | "line"): TextItem[];
  }

  export function createOCREngine(options: {
    readonly wasmBinary: Uint8Array | ArrayBuffer;
  }): Promise<OCREngine>;
}
