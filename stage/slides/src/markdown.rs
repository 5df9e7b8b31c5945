//! Markdown to blocks. What a slide cannot show is refused, with its line.

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::block::{Block, Code, Face, Inline, escape};
use crate::fence::{self, Fence};

/// Reads Markdown whose first line is that `line` of its deck.
pub(crate) fn blocks(text: &str, line: usize) -> Result<Vec<Block>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options)
        .into_offset_iter()
        .map(|(event, place)| (event, line + text[..place.start].matches('\n').count()));
    let events: Vec<_> = events.collect();
    let mut reader = Reader { events: events.into_iter(), line, source: None };
    let blocks = reader.blocks(None);
    blocks.with_context(|| format!("line {}", reader.line))
}

struct Reader<'a> {
    events: std::vec::IntoIter<(Event<'a>, usize)>,
    /// Of the event read last.
    line: usize,
    /// What the include comment before the next fence names.
    source: Option<String>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Event<'a>> {
        let (event, line) = self.events.next()?;
        self.line = line;
        Some(event)
    }

    /// The blocks up to an end, or to the end of all.
    fn blocks(&mut self, end: Option<TagEnd>) -> Result<Vec<Block>> {
        let mut blocks = Vec::new();
        // The items of a list without empty lines hold text without a paragraph around it.
        let mut loose = Inline::default();
        while let Some(event) = self.next() {
            let inline = matches!(
                event,
                Event::Text(_)
                    | Event::Code(_)
                    | Event::SoftBreak
                    | Event::HardBreak
                    | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            );
            if inline {
                self.inline_event(event, Face::Sans, &mut loose)?;
                continue;
            }
            if !loose.is_empty() {
                blocks.push(Block::Paragraph(std::mem::take(&mut loose)));
            }
            match event {
                Event::End(tag) if Some(tag) == end => return Ok(blocks),
                Event::Start(tag) => blocks.extend(self.block(tag)?),
                Event::Html(html) => blocks.extend(self.comment(html.trim())?),
                Event::End(TagEnd::HtmlBlock) => {}
                other => bail!("this cannot stand on a slide: {other:?}"),
            }
        }
        if !loose.is_empty() {
            blocks.push(Block::Paragraph(loose));
        }
        Ok(blocks)
    }

    fn block(&mut self, tag: Tag<'a>) -> Result<Option<Block>> {
        let end = tag.to_end();
        Ok(Some(match tag {
            Tag::HtmlBlock => return Ok(None),
            Tag::Paragraph => match self.paragraph()? {
                Some(block) => block,
                None => return Ok(None),
            },
            Tag::Heading { level, .. } => {
                Block::Heading { level: level as u8, text: self.inline(end, Face::Bold)? }
            }
            Tag::BlockQuote(_) => Block::Quote(self.text_only(end)?),
            Tag::List(start) => Block::List { start, items: self.items(end)? },
            Tag::Table(_) => self.table()?,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.fence(&info)?,
            Tag::CodeBlock(CodeBlockKind::Indented) => bail!("put code between fences, do not indent it"),
            other => bail!("this cannot stand on a slide: {other:?}"),
        }))
    }

    /// A paragraph, or the image that it consists of.
    fn paragraph(&mut self) -> Result<Option<Block>> {
        if let [(Event::Start(Tag::Image { .. }), line), ..] = self.events.as_slice() {
            let line = *line;
            let Some(Event::Start(Tag::Image { dest_url, .. })) = self.next() else { return Ok(None) };
            let text = self.inline(TagEnd::Image, Face::Sans)?.text();
            ensure!(!text.is_empty(), "say what the image shows: ![what it shows]({dest_url})");
            let alone = matches!(self.next(), Some(Event::End(TagEnd::Paragraph)));
            ensure!(alone, "an image stands alone, with empty lines around it");
            return Ok(Some(Block::Image { path: dest_url.into_string(), text, line }));
        }
        let text = self.inline(TagEnd::Paragraph, Face::Sans)?;
        Ok((!text.is_empty()).then_some(Block::Paragraph(text)))
    }

    /// The blocks within a list or a quotation. Of others nobody has reckoned how much room they need there.
    fn text_only(&mut self, end: TagEnd) -> Result<Vec<Block>> {
        let blocks = self.blocks(Some(end))?;
        let is_text =
            |block: &Block| matches!(block, Block::Paragraph(_) | Block::List { .. } | Block::Quote(_));
        ensure!(blocks.iter().all(is_text), "within a list or a quotation stands text only");
        Ok(blocks)
    }

    fn items(&mut self, end: TagEnd) -> Result<Vec<Vec<Block>>> {
        let mut items = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.text_only(TagEnd::Item)?),
                Event::End(tag) if tag == end => break,
                _ => {}
            }
        }
        Ok(items)
    }

    fn table(&mut self) -> Result<Block> {
        let (mut head, mut rows) = (Vec::new(), Vec::<Vec<Inline>>::new());
        while let Some(event) = self.next() {
            match event {
                Event::Start(Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => match rows.last_mut() {
                    Some(row) => row.push(self.inline(TagEnd::TableCell, Face::Sans)?),
                    None => head.push(self.inline(TagEnd::TableCell, Face::Bold)?),
                },
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        Ok(Block::Table { head, rows })
    }

    fn fence(&mut self, info: &str) -> Result<Block> {
        let line = self.line;
        let mut text = String::new();
        while let Some(event) = self.next() {
            match event {
                Event::Text(part) => text += &part,
                _ => break,
            }
        }
        self.line = line;
        let code = Code { language: String::new(), text, source: self.source.take(), line };
        Fence::parse(info).and_then(|fence| fence.block(code))
    }

    fn comment(&mut self, html: &str) -> Result<Option<Block>> {
        let comment = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).map(str::trim);
        match comment {
            Some("pause") => return Ok(Some(Block::Pause)),
            Some("end include") => self.source = None,
            Some(comment) => match comment.strip_prefix("include: ") {
                Some(target) => self.source = Some(fence::source(target)),
                None => bail!(
                    "a slide has no comment such as '{html}'; there are note, exercises, include and pause"
                ),
            },
            None => bail!("a slide takes no HTML, but here is '{html}'"),
        }
        Ok(None)
    }

    fn inline(&mut self, end: TagEnd, face: Face) -> Result<Inline> {
        let mut inline = Inline::default();
        while let Some(event) = self.next() {
            if event == Event::End(end) {
                break;
            }
            self.inline_event(event, face, &mut inline)?;
        }
        Ok(inline)
    }

    fn inline_event(&mut self, event: Event<'a>, face: Face, inline: &mut Inline) -> Result<()> {
        let mut add = |face, text: &str, html: &str| {
            inline.html += html;
            inline.runs.push((face, text.to_owned()));
        };
        match event {
            Event::Text(text) => add(face, &text, &escape(&text)),
            Event::Code(text) => add(Face::Mono, &text, &format!("<code>{}</code>", escape(&text))),
            Event::SoftBreak => add(face, " ", "\n"),
            Event::HardBreak => add(face, "\n", "<br>"),
            Event::Start(tag) => {
                let end = tag.to_end();
                let (open, close, within) = match tag {
                    Tag::Emphasis => ("<em>".to_owned(), "</em>", face),
                    Tag::Strong => ("<strong>".to_owned(), "</strong>", Face::Bold),
                    Tag::Strikethrough => ("<del>".to_owned(), "</del>", face),
                    Tag::Link { dest_url, .. } => {
                        (format!("<a href=\"{}\">", escape(&dest_url)), "</a>", face)
                    }
                    other => bail!("this cannot stand within a line of text: {other:?}"),
                };
                let inner = self.inline(end, within)?;
                inline.html += &format!("{open}{}{close}", inner.html);
                inline.runs.extend(inner.runs);
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                bail!("a slide takes no HTML, but here is '{html}'")
            }
            other => bail!("this cannot stand within a line of text: {other:?}"),
        }
        Ok(())
    }
}
