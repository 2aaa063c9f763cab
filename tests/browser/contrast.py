"""How far letters stand out from what is behind them, as WCAG 2.2 counts it (1.4.3)."""

LEAST = 4.5
# Below a selector: each kind of text whose ratio is less, with the first of its words.
LOW_CONTRAST = """
([selector, least]) => {
  const channels = text => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
  const behind = element => {
    const sheets = [];
    for (let each = element; each; each = each.parentElement) {
      const sheet = channels(getComputedStyle(each).backgroundColor);
      if (sheet[3] > 0) sheets.push(sheet);
      if (sheet[3] === 1) break;
    }
    return sheets.reverse().reduce((below, sheet) => over(sheet, below), [255, 255, 255]);
  };
  const linear = value => {
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const low = {};
  for (const root of document.querySelectorAll(selector)) {
    const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const element = words.currentNode.parentElement, text = words.currentNode.textContent.trim();
      if (!text || element.closest("style, script, svg")) continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const paper = behind(element);
      const ink = over(channels(getComputedStyle(element).color), paper);
      const [dark, light] = [luminance(paper), luminance(ink)].sort((a, b) => a - b);
      const ratio = (light + 0.05) / (dark + 0.05);
      const name = `${element.tagName}.${element.className}`;
      if (ratio < least) low[name] = [ratio, text.slice(0, 40)];
    }
  }
  return low;
}
"""
