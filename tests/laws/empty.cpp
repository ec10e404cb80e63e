// SPDX-License-Identifier: MIT
// The source of a target that only owns a precompiled header.
