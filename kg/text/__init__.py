"""Chinese and English strings: names, pinyin, organisations, words of fields."""
