// What was learnt outlives the power: the head, in flash. An upload erases it on the Wio, and a sketch with
// another network does not take it.
#pragma once
#include "personalize_head.h"

typedef personalize_head_state_t Kept;
static const uint32_t KEPT_ID = PERSONALIZE_HEAD_ID;
#include "two_places.h"
