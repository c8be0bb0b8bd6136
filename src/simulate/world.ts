/** Something users ask a simulated product, with the one fact a right answer must hold. */
export interface Intent {
  readonly product: Product;
  readonly locale: 'en' | 'de';
  readonly name: string;
  /** Every phrasing contains `cue`, by which the simulated judges recognise the intent. */
  readonly cue: string;
  readonly questions: readonly string[];
  readonly fact: string;
  readonly wrong: readonly string[];
  readonly document: string;
}

export type Product = 'support' | 'search' | 'copilot';

export const INTENTS: readonly Intent[] = [
  {
    product: 'support',
    locale: 'en',
    name: 'refund_window',
    cue: 'return my order',
    questions: ['How long do I have to return my order?', 'Until when can I return my order and get my money back?'],
    fact: 'You can send it back within 30 days of delivery',
    wrong: ['You can send it back within 90 days of delivery', 'Returns are not possible for online purchases'],
    document: 'Returns: goods may be sent back within 30 days of delivery. Refunds take 5 working days.',
  },
  {
    product: 'support',
    locale: 'en',
    name: 'change_address',
    cue: 'delivery address',
    questions: ['Can I change the delivery address of a parcel?', 'My delivery address is wrong, what now?'],
    fact: 'the address can be changed until the parcel has left the warehouse',
    wrong: ['the address can be changed at any time, even at the door', 'we never change an address after payment'],
    document: 'Addresses can be changed until the parcel has left the warehouse, under Orders > Details.',
  },
  {
    product: 'support',
    locale: 'de',
    name: 'rueckgabe',
    cue: 'zurückgeben',
    questions: ['Wie lange kann ich meine Bestellung zurückgeben?', 'Bis wann darf ich den Artikel zurückgeben?'],
    fact: 'Sie können den Artikel innerhalb von 30 Tagen nach der Lieferung zurücksenden',
    wrong: [
      'Sie können den Artikel innerhalb von 90 Tagen nach der Lieferung zurücksenden',
      'eine Rückgabe ist bei Bestellungen im Internet leider nicht möglich',
    ],
    document: 'Rückgabe: innerhalb von 30 Tagen nach der Lieferung. Erstattung nach 5 Werktagen.',
  },
  {
    product: 'support',
    locale: 'de',
    name: 'rechnung',
    cue: 'Rechnung',
    questions: ['Wo finde ich die Rechnung zu meiner Bestellung?', 'Ich brauche die Rechnung noch einmal, wo ist die?'],
    fact: 'Ihre Rechnung liegt im Kundenkonto unter Bestellungen und dann Dokumente',
    wrong: ['Ihre Rechnung wird nur mit der Post verschickt', 'für Bestellungen unter 50 Euro gibt es keine'],
    document: 'Rechnungen liegen im Kundenkonto unter Bestellungen, Dokumente.',
  },
  {
    product: 'search',
    locale: 'en',
    name: 'battery_life',
    cue: 'battery',
    questions: ['How long does the battery of the X2 headphones last?', 'X2 headphones battery hours?'],
    fact: 'the X2 plays for 38 hours on one charge',
    wrong: ['the X2 plays for 12 hours on one charge', 'the X2 has no battery of its own'],
    document: 'X2 headphones: 38 hours of playback, 3 hours from a ten minute charge, 251 g.',
  },
  {
    product: 'search',
    locale: 'en',
    name: 'waterproof',
    cue: 'waterproof',
    questions: ['Is the Trail jacket waterproof?', 'Which jackets are waterproof to 20,000 mm?'],
    fact: 'the Trail jacket is rated to 20,000 mm of water column',
    wrong: ['the Trail jacket is water repellent only and soaks through in rain'],
    document: 'Trail jacket: 20,000 mm water column, taped seams, 410 g.',
  },
  {
    product: 'copilot',
    locale: 'en',
    name: 'reverse_list',
    cue: 'reverse a list',
    questions: ['How do I reverse a list in Python without copying it?', 'reverse a list in place, python'],
    fact: 'call items.reverse(), which works in place and returns None',
    wrong: ['use items[::-1], which reverses the list in place', 'lists cannot be reversed, use a tuple'],
    document: 'list.reverse() reverses the elements of the list in place and returns None.',
  },
  {
    product: 'copilot',
    locale: 'en',
    name: 'undo_commit',
    cue: 'last commit',
    questions: ['How do I undo my last commit but keep the changes?', 'undo the last commit, keep files'],
    fact: 'git reset --soft HEAD~1 takes the commit back and keeps your changes staged',
    wrong: ['git reset --hard HEAD~1 takes the commit back and keeps your changes staged', 'commits cannot be undone'],
    document: 'git reset --soft moves HEAD and leaves the index and the working tree untouched.',
  },
];

/** What a simulated judge reads of an item. */
export interface JudgedText {
  readonly question: string;
  readonly answer: string;
}

/**
 * The truth in the simulated world: whether the answer holds the fact that the question asks for. Null when the
 * question belongs to no intent.
 */
export function isRight(text: JudgedText): boolean | null {
  const intent = INTENTS.find((candidate) => text.question.includes(candidate.cue));
  return intent === undefined ? null : text.answer.includes(intent.fact);
}
