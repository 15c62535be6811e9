// How names are heard in any script: the same as fold.py, by the same table of letters. Both are held to tests/publish/fold_vectors.json.
"use strict";
const gavahFold = ({ fold: same, pairs, sound }) => {
  const plain = (text) => {
    let kept = "";
    for (const char of text.normalize("NFKD").toLowerCase()) {
      if (char in same) kept += same[char];
      else if (/[\p{L}\p{N}]/u.test(char)) kept += char;
      else if (!/[\p{M}\p{Cf}]/u.test(char)) kept += " ";
    }
    return kept.trim().split(/\s+/).join(" ");
  };
  const skeleton = (word) => {
    const opening = word;
    for (const [pair, sign] of pairs) word = word.split(pair).join(sign);
    let signs = "";
    for (const char of word) signs += sound[char] ?? "";
    if (opening && !([...word][0] in sound)) signs = "a" + signs;
    signs = signs.replace(/(.)\1+/g, "$1");
    return signs.length > 1 && signs.endsWith("h") ? signs.slice(0, -1) : signs;
  };
  const heard = (text) => plain(text).split(" ").filter(Boolean).map((word) => ({ word, signs: skeleton(word) }));
  // A key is folded text, a bar, and the signs of each word.
  const matches = (key, words) => {
    const bar = key.indexOf("|");
    const text = key.slice(0, bar), sounds = " " + key.slice(bar + 1);
    return words.every(({ word, signs }) => text.includes(word) || (signs.length > 1 && sounds.includes(" " + signs)));
  };
  return { plain, skeleton, heard, matches };
};
