// What the pages' code must keep to: strict types, rules of hooks, no way to put text in as markup.
import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const NO_MARKUP = [
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: "text from screens is hostile: render it as text",
  },
  {
    selector: "MemberExpression[property.name=/^(innerHTML|outerHTML)$/]",
    message: "text from screens is hostile: render it as text",
  },
];

// What people read is in one texts.ts a feature, so that it can be translated.
const TEXT = "Literal[value=/\\p{L}{2}/u]";
const TEMPLATE = "TemplateLiteral:has(TemplateElement[value.raw=/\\p{L}{2}/u])";
const LABELS =
  "/^(label|title|placeholder|aria-label|alt|description|message|lead|means|error|suffix|showLabel|hideLabel)$/";
const PLACES = [
  `JSXAttribute[name.name=${LABELS}] >`,
  `JSXAttribute[name.name=${LABELS}] > JSXExpressionContainer >`,
  `JSXAttribute[name.name=${LABELS}] > JSXExpressionContainer > ConditionalExpression >`,
  `JSXAttribute[name.name=${LABELS}] > JSXExpressionContainer > LogicalExpression >`,
  ":matches(JSXElement, JSXFragment) > JSXExpressionContainer >",
  ":matches(JSXElement, JSXFragment) > JSXExpressionContainer > ConditionalExpression >",
  ":matches(JSXElement, JSXFragment) > JSXExpressionContainer > LogicalExpression >",
  `Property[key.name=${LABELS}] >`,
  `Property[key.name=${LABELS}] > ConditionalExpression >`,
];
const TEXTS_ELSEWHERE = [
  "JSXText[value=/\\p{L}{2}/u]",
  "JSXAttribute[name.name='action'] > Literal[value=/^\\p{Lu}/u]", // a form's is an address
  ...PLACES.flatMap((place) => [`${place} ${TEXT}`, `${place} ${TEMPLATE}`]),
].map((selector) => ({ selector, message: "put the text into the feature's texts.ts" }));

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      "no-restricted-syntax": ["error", ...NO_MARKUP],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: [
      "src/**/*.test.{ts,tsx}",
      "src/**/texts.ts",
      "src/testing/**",
      "src/features/{search,findings,recordings}/**",
    ],
    rules: { "no-restricted-syntax": ["error", ...NO_MARKUP, ...TEXTS_ELSEWHERE] },
  },
);
