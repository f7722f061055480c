// The search's worker: turns what was typed or pasted into words, and hands them to the theme's own.
//
// lunr takes quotes, colons, dashes, `+`, `~` and `^` for its query language, and a star after
// each word, as the theme adds, lets "a" stand for every word that begins so. Here a word stands
// for its stem, and a name (`run_button`, `FileNotFoundError`, `mo.stop`) for itself and its parts.
// Pages that have more of the words, and have them one after the other, come first.
// The documents (proven/mkdocs/search.py) are fetched when the first word is there.

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3]
const NAME = /[\p{L}\d]+(?:[_.-][\p{L}\d]+)*/gu
const HUMP = /(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u
const ENTITY = /&(?:lt|gt|amp|quot);/g
const MOST = 60 // words of a query that count; a whole traceback can be one
const PHRASE = 4 // what the words in their order are worth, beside the words

const send = self.postMessage.bind(self)
const known = new Set() // every stem and whole name of the site
const forms = new Map() // every word of the site: its stem
const pairs = new Map() // two stems, one after the other: the sections that have them
const stems = new Map()
const offered = new Set() // words of titles, to complete what is typed
let theirs, setup, opened, answered, asked = Promise.resolve()

self.addEventListener = (_, handler) => { theirs = handler }
self.postMessage = message => answered(message)
importScripts(self.location.search.slice(1).replace(/[^\w.-]/g, ""))
const lunr = self.lunr
// The theme leaves the length out of account, so that a long record stands above a short answer.
lunr.Builder.prototype.b = function () { this._b = 0.5 }

/** What the theme's worker answers. */
const ask = (type, data) => new Promise(resolve => { answered = resolve; theirs({ data: { type, data } }) })

const names = text => [...text.matchAll(NAME)].map(([name]) => name)
const plain = text => text.replace(/<[^>]*>/g, " ").replace(ENTITY, " ")
const counts = word => Boolean(lunr.stopWordFilter(word))
const pageOf = ({ location }) => location.split("#")[0]

function stem(word) {
  if (!stems.has(word)) stems.set(word, lunr.stemmer(new lunr.Token(word, {})).toString())
  return stems.get(word)
}

/** The parts of a name, in lower case. */
const parts = name => name.split(/[_.-]/).flatMap(part => part.split(HUMP)).map(part => part.toLowerCase())

/** A name of several parts as one word; of a path of names, each such and the whole. */
function whole(name) {
  const inner = name.split(/[.-]/)
  return (inner.length > 1 ? [...inner, name] : inner)
    .map(parts).filter(words => words.length > 1).map(words => words.join(""))
}

const paired = words => words.slice(1).map((word, i) => `${stem(words[i])} ${stem(word)}`)

/** Notes the words of a text, and gives the whole names in it. */
function learn(text, section) {
  const found = names(text), words = found.flatMap(parts), wholes = new Set(found.flatMap(whole))
  for (const word of words) known.add(stem(word)), forms.set(word, stem(word))
  for (const word of wholes) known.add(word)
  for (const pair of paired(words)) {
    if (!pairs.has(pair)) pairs.set(pair, new Set())
    pairs.get(pair).add(section)
  }
  return [...wholes].join(" ")
}

/** Documents with what a whole name, the prose alone and the page's title give. */
function enriched(docs) {
  const abouts = new Map()
  return docs.map(doc => {
    const page = pageOf(doc)
    const about = plain(`${doc.title} . ${doc.about ?? ""}`)
    if (!abouts.has(page)) abouts.set(page, about)
    names(plain(doc.title)).forEach(word => offered.add(word.toLowerCase()))
    const prose = plain(doc.text.replace(/<pre>.*?<\/pre>/gs, " "))
    const wholes = learn(`${about} . ${plain(doc.text)}`, doc.location)
    return { ...doc, prose, names: wholes, page: abouts.get(page) }
  })
}

async function open() {
  const response = await fetch(new URL("../../../search/documents.json", self.location))
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`)
  const docs = enriched(await response.json())
  await ask(SETUP, { ...setup, docs, options: { suggest: false } })
}

const begins = word => word.length > 2 && [...known].some(one => one.startsWith(word))

/** A word in lunr's language: its stem; or, where it is not whole yet, its beginning. */
function term(word) {
  const root = stem(word)
  if (known.has(root) || word.length < 3) return `${root}^1`
  if (begins(word)) return word
  const form = [...forms.keys()].find(one => one.startsWith(word))
  return `${form ? forms.get(form) : root}^1`
}

/** What was typed, in lunr's language: a boost keeps the theme from adding a star. */
function query(typed) {
  const found = names(typed), wholes = [...new Set(found.flatMap(whole))]
  const words = [...new Set(found.flatMap(parts))]
  if (found.length === 1 && wholes.length && !known.has(wholes.at(-1))) {
    // A name that stands nowhere: not everything that has one of its parts.
    if (begins(wholes.at(-1))) return wholes.at(-1)
    return words.every(counts) ? words.map(word => `+${stem(word)}`).join(" ") : ""
  }
  const terms = [...new Set(words.filter(counts).map(term))]
  return [...wholes.map(word => `${word}^2`), ...terms].slice(0, MOST).join(" ")
}

/** How much of a phrase a section has, from 0 to 1; what fewer sections have is worth more. */
function phrase(typed) {
  const wanted = paired(names(typed).flatMap(parts)).slice(0, MOST).filter(pair => pairs.has(pair))
  const worth = pair => 1 / pairs.get(pair).size
  const sum = some => some.reduce((total, pair) => total + worth(pair), 0)
  const all = sum(wanted)
  return ({ location }) => all && sum(wanted.filter(pair => pairs.get(pair).has(location))) / all
}

/** The share of the words that some section of a page has. */
function cover(sections) {
  const terms = sections.flatMap(section => Object.entries(section.terms))
  const all = new Set(terms.map(([term]) => term)), met = terms.filter(([, there]) => there)
  return new Set(met.map(([term]) => term)).size / all.size
}

/** Pages by their best section, by how many of the words they have, and in which order. */
function ranked(items, typed) {
  const has = phrase(typed)
  const worth = section => section.score * (1 + PHRASE * has(section))
  const rank = sections => Math.max(...sections.map(worth)) * cover(sections)
  const ranks = new Map(items.map(sections => [sections, rank(sections)]))
  return items.slice().sort((a, b) => ranks.get(b) - ranks.get(a))
}

/** The sections with words in place of stems, where the theme shows which were met. */
function worded(sections, typed) {
  const found = names(typed)
  const words = new Map(found.flatMap(parts).map(word => [stem(word), word]))
  const word = (term, there) => there && words.get(term)?.startsWith(term) ? term : words.get(term)
  return sections.map(section => {
    const terms = Object.entries(section.terms).map(([term, there]) => [word(term, there), there])
    return { ...section, terms: Object.fromEntries(terms.filter(([term]) => term)) }
  })
}

/** In place of what was found: that nothing can be, and why. The next word tries again. */
function failed({ message }) {
  opened = undefined
  const text = `The list of what the pages say did not load: ${message}. Type on, or reload the page.`
  const item = { location: "", title: "The search is not there", text, score: 1, terms: {} }
  return { items: [[item]], suggest: [] }
}

async function search(typed) {
  if (names(typed).length) await (opened ??= open())
  const words = query(typed)
  const items = words ? (await ask(QUERY, words)).data.items : []
  const last = typed.split(/[\s-]+/).at(-1).toLowerCase()
  const suggest = last ? [...offered].filter(word => word.startsWith(last)) : []
  return { items: ranked(items, typed).map(sections => worded(sections, typed)), suggest }
}

self.onmessage = ({ data: { type, data } }) => {
  if (type === SETUP) setup = data
  if (type === SETUP) send({ type: READY })
  else asked = asked.then(async () => send({ type: RESULT, data: await search(data).catch(failed) }))
}
