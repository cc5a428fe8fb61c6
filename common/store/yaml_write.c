/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/yaml_write.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/store/node_edit.h"

struct writer {
	yaml_emitter_t emitter;
	struct file out;
	size_t capacity;
	bool plainest; /* every collection in block style, every scalar that is not plain in double quotes */
};

static inline void scoped_writer_release(struct writer *writer)
{
	/* The text may hold secrets. */
	if (writer->emitter.buffer.start != NULL)
		secret_erase(writer->emitter.buffer.start,
			(size_t)(writer->emitter.buffer.end - writer->emitter.buffer.start));
	yaml_emitter_delete(&writer->emitter);
	file_release(&writer->out);
}

/* Takes the emitter's output. Returns 1, or 0 if it is too large, as libyaml demands. */
static int collect(void *context, unsigned char *bytes, size_t size)
{
	struct writer *writer = context;
	size_t needed = writer->out.length + size + 1;

	if (needed > DOCUMENT_BYTES_MAX + 1)
		return 0;
	if (needed > writer->capacity) {
		struct file larger = {memory_get(2, needed), writer->out.length};

		if (writer->out.bytes != NULL)
			memcpy(larger.bytes, writer->out.bytes, writer->out.length);
		file_release(&writer->out);
		writer->out = larger;
		writer->capacity = 2 * needed;
	}
	memcpy(writer->out.bytes + writer->out.length, bytes, size);
	writer->out.length += size;
	return 1;
}

/* True if a reader tells the type of the scalar by its text: it has neither a tag nor quotes. */
static bool by_looks(const struct node *node)
{
	return node->style == NODE_PLAIN && node->tag == NULL;
}

static yaml_scalar_style_t style_of(const struct writer *writer, const struct node *node)
{
	static const yaml_scalar_style_t styles[] = {
		[NODE_PLAIN] = YAML_PLAIN_SCALAR_STYLE,
		[NODE_SINGLE_QUOTED] = YAML_SINGLE_QUOTED_SCALAR_STYLE,
		[NODE_DOUBLE_QUOTED] = YAML_DOUBLE_QUOTED_SCALAR_STYLE,
		[NODE_LITERAL] = YAML_LITERAL_SCALAR_STYLE,
		[NODE_FOLDED] = YAML_FOLDED_SCALAR_STYLE,
	};

	if (writer->plainest && node->style != NODE_PLAIN)
		return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	return styles[node->style];
}

static int emit_scalar(struct writer *writer, const struct node *node)
{
	/* An empty text would get quotes in a list on one line. */
	const char *text = by_looks(node) && node->text[0] == '\0' ? "null" : node->text;
	const char *tag = node->tag;
	yaml_event_t event;

	return yaml_scalar_event_initialize(&event, NULL, (const yaml_char_t *)tag, (const yaml_char_t *)text,
		       (int)strlen(text), tag == NULL, tag == NULL, style_of(writer, node)) &&
	       yaml_emitter_emit(&writer->emitter, &event);
}

static bool in_flow(const struct writer *writer, const struct node *node)
{
	return node->style == NODE_FLOW && !writer->plainest;
}

static int begin(struct writer *writer, const struct node *node)
{
	const yaml_char_t *tag = (const yaml_char_t *)node->tag;
	bool flow = in_flow(writer, node);
	yaml_event_t event;
	int made = 0;

	if (node->kind == NODE_SEQUENCE)
		made = yaml_sequence_start_event_initialize(
			&event, NULL, tag, tag == NULL, flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
	else
		made = yaml_mapping_start_event_initialize(
			&event, NULL, tag, tag == NULL, flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
	return made && yaml_emitter_emit(&writer->emitter, &event);
}

static int finish(struct writer *writer, const struct node *node)
{
	yaml_event_t event;
	int made = node->kind == NODE_SEQUENCE ? yaml_sequence_end_event_initialize(&event)
					       : yaml_mapping_end_event_initialize(&event);

	return made && yaml_emitter_emit(&writer->emitter, &event);
}

/* Recursion is as deep as the tree, which was read with a ceiling. */
static int emit(struct writer *writer, const struct node *node)
{
	if (node->kind == NODE_SCALAR)
		return emit_scalar(writer, node);
	if (!begin(writer, node))
		return 0;
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == NODE_MAPPING && !emit_scalar(writer, node->keys[i]))
			return 0;
		if (!emit(writer, node->items[i]))
			return 0;
	}
	return finish(writer, node);
}

static int emit_document(struct writer *writer, const struct node *root)
{
	yaml_event_t event;

	return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
	       yaml_emitter_emit(&writer->emitter, &event) &&
	       yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
	       yaml_emitter_emit(&writer->emitter, &event) && emit(writer, root) &&
	       yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(&writer->emitter, &event) &&
	       yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(&writer->emitter, &event);
}

static bool same_scalar(const struct node *one, const struct node *other)
{
	if (!string_same(one->tag, other->tag))
		return false;
	if (node_null(one) || node_null(other))
		return node_null(one) && node_null(other);
	if (strcmp(one->text, other->text) != 0)
		return false;
	return by_looks(one) == by_looks(other) || one->tag != NULL || node_clearly_text(one->text);
}

bool yaml_same(const struct node *one, const struct node *other)
{
	if (one == NULL || other == NULL)
		return node_null(one) && node_null(other);
	if (one->kind != other->kind || one->count != other->count)
		return false;
	if (one->kind == NODE_SCALAR)
		return same_scalar(one, other);
	if (!string_same(one->tag, other->tag))
		return false;
	for (size_t i = 0; i < one->count; i++)
		if ((one->kind == NODE_MAPPING && !same_scalar(one->keys[i], other->keys[i])) ||
			!yaml_same(one->items[i], other->items[i]))
			return false;
	return true;
}

static int refuse(const char *file, const char *problem, struct error **error)
{
	return error_set(error, ERROR_STORE, "cannot write %s: %s", file, problem);
}

/* Writes the text and reads it again. Returns 0 with `*out` filled, 1 if it does not read as the same tree, or -1 with an
 * error. */
static int attempt(const struct document *document, int indent, bool plainest, struct file *out, struct error **error)
{
	scoped(writer) struct writer writer = {.plainest = plainest};

	if (!yaml_emitter_initialize(&writer.emitter))
		return refuse(document->file, "no memory for a YAML emitter", error);
	yaml_emitter_set_output(&writer.emitter, collect, &writer);
	yaml_emitter_set_indent(&writer.emitter, indent);
	yaml_emitter_set_width(&writer.emitter, -1);
	yaml_emitter_set_unicode(&writer.emitter, 1);
	if (!emit_document(&writer, document->root))
		return refuse(document->file,
			writer.emitter.error == YAML_WRITER_ERROR ? "it would become too large"
								  : "a text in it is not valid UTF-8",
			error);
	scoped(document) struct document *again =
		document_parse(document->file, writer.out.bytes, writer.out.length, NULL);
	if (again == NULL || !yaml_same(document->root, again->root))
		return 1;
	writer.out.bytes[writer.out.length] = '\0';
	*out = writer.out;
	writer.out = (struct file){NULL, 0};
	return 0;
}

int yaml_write(const struct document *document, int indent, struct file *out, struct error **error)
{
	*out = (struct file){NULL, 0};
	if (document->root == NULL) {
		out->bytes = string_copy("");
		return 0;
	}
	int status = attempt(document, indent, false, out, error);
	if (status > 0)
		status = attempt(document, indent, true, out, error);
	if (status > 0)
		return refuse(document->file, "it would not read the same afterwards", error);
	return status;
}
