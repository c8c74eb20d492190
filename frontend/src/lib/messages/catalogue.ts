import { createI18n, transform, type Translations } from '@nanostores/i18n';
import { atom } from 'nanostores';

/** The language of the page. It is known before anything is drawn; another one loads it anew. */
const LOCALE = 'en';

const i18n = createI18n(atom(LOCALE), { get: () => Promise.resolve({}) });

/** The texts of one part of the UI, in the language of the page. */
export const catalogue = <Texts extends Translations>(part: string, texts: Texts): Texts =>
  i18n(part, texts).value as Texts;

type Value = string | number;
type Values = Record<string, Value>;
type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type ValuesOf<Template extends string> = { [Name in NamesIn<Template>]: Value };

const fill = (template: string, values: Values): string =>
  template.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));

/** "{name} is added": a text with values in it. */
export const text = transform((_locale, template: string, values: Values) =>
  fill(template, values)
) as unknown as <Template extends string>(
  template: Template
) => (values: ValuesOf<Template>) => string;

type Category = Intl.LDMLPluralRule;
type Forms = { other: string } & Partial<Record<Category, string>>;
type CountedValues<F extends Forms> = Omit<ValuesOf<NonNullable<F[keyof F & Category]>>, 'count'>;

/** "{count} person" and "{count} people": a text for each plural form that the language has. */
export const plural = transform((locale, forms: Forms, count: number, values: Values) => {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return fill(form, { ...values, count: new Intl.NumberFormat().format(count) });
}) as unknown as <const F extends Forms>(
  forms: F
) => (
  count: number,
  ...values: keyof CountedValues<F> extends never ? [] : [CountedValues<F>]
) => string;
