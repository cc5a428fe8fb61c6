/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/store/file.h"

struct reader {
	yaml_parser_t parser;
	const char *file; /* printable */
	const char *bytes;
	size_t length;
	size_t nodes;
};

static inline void scoped_parser_release(struct reader *reader)
{
	yaml_parser_delete(&reader->parser);
}

static inline void scoped_event_release(yaml_event_t *event)
{
	/* A scalar may be a secret. */
	if (event->type == YAML_SCALAR_EVENT)
		secret_erase(event->data.scalar.value, event->data.scalar.length);
	yaml_event_delete(event);
}

static unsigned int line_at(const struct reader *reader, size_t offset)
{
	unsigned int line = 1;

	for (size_t i = 0; i < offset && i < reader->length; i++)
		line += reader->bytes[i] == '\n';
	return line;
}

static int refuse_syntax(const struct reader *reader, struct error **error)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem != NULL ? parser->problem : "no YAML";

	if (parser->error == YAML_READER_ERROR)
		return node_fail(error, reader->file, line_at(reader, parser->problem_offset), "%s", problem);
	return node_fail(error, reader->file, (unsigned int)parser->problem_mark.line + 1, "%s%s%s", problem,
		parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "");
}

static int next(struct reader *reader, yaml_event_t *event, struct error **error)
{
	if (yaml_parser_parse(&reader->parser, event))
		return 0;
	event->type = YAML_NO_EVENT;
	return refuse_syntax(reader, error);
}

static unsigned int line_of(const yaml_event_t *event)
{
	return (unsigned int)event->start_mark.line + 1;
}

/* True for tags that say no more than the content itself does. Any other has a meaning that is not known here. */
static int tag_known(const char *tag, enum node_kind kind)
{
	static const struct {
		const char *tag;
		enum node_kind kind;
	} known[] = {{YAML_STR_TAG, NODE_SCALAR}, {YAML_INT_TAG, NODE_SCALAR}, {YAML_FLOAT_TAG, NODE_SCALAR},
		{YAML_BOOL_TAG, NODE_SCALAR}, {YAML_SEQ_TAG, NODE_SEQUENCE}, {YAML_MAP_TAG, NODE_MAPPING}};

	if (strcmp(tag, "!") == 0)
		return 1;
	for (size_t i = 0; i < array_length(known); i++)
		if (known[i].kind == kind && strcmp(tag, known[i].tag) == 0)
			return 1;
	return 0;
}

static enum node_style scalar_style(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return NODE_SINGLE_QUOTED;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return NODE_DOUBLE_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
		return NODE_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return NODE_FOLDED;
	default:
		return NODE_PLAIN;
	}
}

/* Returns a new, empty node for the event that begins it, or NULL with an error. */
static struct node *begun(struct reader *reader, const yaml_event_t *event, enum node_kind kind, enum node_style style,
	const yaml_char_t *anchor, const yaml_char_t *tag, struct error **error)
{
	const char *written = (const char *)tag;

	if (anchor != NULL)
		node_fail(error, reader->file, line_of(event), "anchors are not supported, juju writes none");
	else if (written != NULL && !tag_known(written, kind))
		node_fail(error, reader->file, line_of(event), "tag %s is not supported, juju writes none", written);
	else if (++reader->nodes > DOCUMENT_NODES_MAX)
		node_fail(error, reader->file, line_of(event), "more than %d values", DOCUMENT_NODES_MAX);
	else {
		struct node *node = node_new(kind, style, line_of(event));
		node->tag = string_copy(written);
		return node;
	}
	return NULL;
}

static struct node *read_scalar(struct reader *reader, const yaml_event_t *event, struct error **error)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;

	if (memchr(value, '\0', length) != NULL) {
		node_fail(error, reader->file, line_of(event), "a text has a NUL character in it");
		return NULL;
	}
	struct node *node = begun(reader, event, NODE_SCALAR, scalar_style(event->data.scalar.style),
		event->data.scalar.anchor, event->data.scalar.tag, error);
	if (node != NULL)
		node->text = string_copy_length(value, length);
	return node;
}

static struct node *read_node(struct reader *reader, const yaml_event_t *event, int depth, struct error **error);

static struct node *read_sequence(struct reader *reader, const yaml_event_t *event, int depth, struct error **error)
{
	int flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	scoped(node) struct node *sequence = begun(reader, event, NODE_SEQUENCE, flow ? NODE_FLOW : NODE_BLOCK,
		event->data.sequence_start.anchor, event->data.sequence_start.tag, error);

	while (sequence != NULL) {
		scoped(event) yaml_event_t inner = {.type = YAML_NO_EVENT};
		if (next(reader, &inner, error) != 0)
			return NULL;
		if (inner.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct node *item = read_node(reader, &inner, depth, error);
		if (item == NULL)
			return NULL;
		node_add(sequence, NULL, item);
	}
	return steal(sequence);
}

static struct node *read_key(struct reader *reader, const yaml_event_t *event, struct error **error)
{
	if (event->type != YAML_SCALAR_EVENT) {
		node_fail(error, reader->file, line_of(event), "a key must be a text");
		return NULL;
	}
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		strcmp((const char *)event->data.scalar.value, "<<") == 0) {
		node_fail(error, reader->file, line_of(event), "merge keys are not supported, juju writes none");
		return NULL;
	}
	scoped(node) struct node *key = read_scalar(reader, event, error);
	/* An empty key would be written again as "null", a name that it does not have. */
	if (key != NULL && node_null(key) && key->text[0] == '\0') {
		node_fail(error, reader->file, line_of(event), "a key must be a text");
		return NULL;
	}
	return steal(key);
}

static int by_text(const void *one, const void *other)
{
	const struct node *const *left = one;
	const struct node *const *right = other;
	int order = strcmp((*left)->text, (*right)->text);

	return order != 0 ? order : ((*left)->line > (*right)->line) - ((*left)->line < (*right)->line);
}

static int refuse_twice(const struct reader *reader, const struct node *mapping, struct error **error)
{
	if (mapping->count < 2)
		return 0;

	struct node **sorted = memory_get(mapping->count, sizeof(struct node *));
	memcpy(sorted, mapping->keys, mapping->count * sizeof(struct node *));
	qsort(sorted, mapping->count, sizeof(struct node *), by_text);
	int status = 0;
	for (size_t i = 1; i < mapping->count && status == 0; i++)
		if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
			status = node_fail(error, reader->file, sorted[i]->line,
				"key \"%.100s\" is there twice, first in line %u", sorted[i]->text,
				sorted[i - 1]->line);
	free(sorted);
	return status;
}

static struct node *read_value(struct reader *reader, int depth, struct error **error)
{
	scoped(event) yaml_event_t event = {.type = YAML_NO_EVENT};

	if (next(reader, &event, error) != 0)
		return NULL;
	return read_node(reader, &event, depth, error);
}

static struct node *read_mapping(struct reader *reader, const yaml_event_t *event, int depth, struct error **error)
{
	int flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	scoped(node) struct node *mapping = begun(reader, event, NODE_MAPPING, flow ? NODE_FLOW : NODE_BLOCK,
		event->data.mapping_start.anchor, event->data.mapping_start.tag, error);

	while (mapping != NULL) {
		scoped(event) yaml_event_t inner = {.type = YAML_NO_EVENT};
		if (next(reader, &inner, error) != 0)
			return NULL;
		if (inner.type == YAML_MAPPING_END_EVENT)
			break;
		scoped(node) struct node *key = read_key(reader, &inner, error);
		struct node *value = key != NULL ? read_value(reader, depth, error) : NULL;
		if (value == NULL)
			return NULL;
		node_add(mapping, steal(key), value);
	}
	if (mapping == NULL || refuse_twice(reader, mapping, error) != 0)
		return NULL;
	return steal(mapping);
}

/* Returns the node that `event` begins, with all below it, or NULL with an error; `depth` is its nesting. */
static struct node *read_node(struct reader *reader, const yaml_event_t *event, int depth, struct error **error)
{
	if (depth >= DOCUMENT_DEPTH_MAX && event->type != YAML_SCALAR_EVENT) {
		node_fail(error, reader->file, line_of(event), "nested more than %d deep", DOCUMENT_DEPTH_MAX);
		return NULL;
	}
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(reader, event, error);
	case YAML_SEQUENCE_START_EVENT:
		return read_sequence(reader, event, depth + 1, error);
	case YAML_MAPPING_START_EVENT:
		return read_mapping(reader, event, depth + 1, error);
	default:
		node_fail(error, reader->file, line_of(event), "aliases are not supported, juju writes none");
		return NULL;
	}
}

/* Reads the stream to its end, and sets `*root` to its only document's root, if any. Returns 0, or -1 with an error. */
static int read_stream(struct reader *reader, struct node **root, struct error **error)
{
	for (;;) {
		scoped(event) yaml_event_t event = {.type = YAML_NO_EVENT};
		if (next(reader, &event, error) != 0)
			return -1;
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			continue;
		case YAML_STREAM_END_EVENT:
			return 0;
		case YAML_DOCUMENT_START_EVENT:
			if (*root == NULL)
				continue;
			return node_fail(error, reader->file, line_of(&event), "a second YAML document begins");
		default:
			*root = read_node(reader, &event, 0, error);
			if (*root == NULL)
				return -1;
		}
	}
}

struct document *document_parse(const char *file, const char *bytes, size_t length, struct error **error)
{
	scoped(document) struct document *document = memory_get(1, sizeof(*document));

	document->file = text_printable(file);
	if (length > DOCUMENT_BYTES_MAX) {
		node_fail(error, document->file, 1, "larger than %zu bytes", DOCUMENT_BYTES_MAX);
		return NULL;
	}
	scoped(parser) struct reader reader = {.file = document->file, .bytes = bytes, .length = length};
	if (!yaml_parser_initialize(&reader.parser)) {
		error_set(error, ERROR_STORE, "cannot read %s: no memory for a YAML parser", document->file);
		return NULL;
	}
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, length);
	if (read_stream(&reader, &document->root, error) != 0)
		return NULL;
	if (document->root != NULL && node_null(document->root))
		node_free(steal(document->root));
	return steal(document);
}

struct document *document_read(const char *path, struct error **error)
{
	scoped(file) struct file file;

	if (file_read(path, DOCUMENT_BYTES_MAX, &file, error) != 0)
		return NULL;
	return document_parse(path, file.bytes != NULL ? file.bytes : "", file.length, error);
}

int document_entries(const struct document *document, const struct node **entries, struct error **error)
{
	static const struct node none = {.kind = NODE_MAPPING};
	const struct node *root;
	const struct node *found;

	*entries = NULL;
	if (node_expect(document->file, document->root, NODE_MAPPING, "the whole file", &root, error) != 0 ||
		node_get(document->file, root, "controllers", NODE_MAPPING, &found, error) != 0)
		return -1;
	*entries = found != NULL ? found : &none;
	return 0;
}

void document_free(struct document *document)
{
	if (document == NULL)
		return;
	free(document->file);
	node_free(document->root);
	free(document);
}
