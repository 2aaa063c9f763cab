/* personalize_classes.h: what the answers are called. Generated: do not edit. */
#ifndef PERSONALIZE_CLASSES_H
#define PERSONALIZE_CLASSES_H

#include "personalize_head.h"

static const char *const personalize_class_names[PERSONALIZE_HEAD_CLASSES] = {"still", "walk", "run"};

#endif
