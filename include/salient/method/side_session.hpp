// SPDX-License-Identifier: MIT
#pragma once

#include "salient/graph/session.hpp"

namespace salient::methods::detail {

/// A session of a method's own. The query's session keeps it, so that its memory is taken and, on a GPU, its
/// passes are recorded once, however often the method is asked.
template <class Session>
class side_session {
 public:
  /// For batches of up to `capacity` images, though the session may have room for more since an earlier call.
  template <class Query>
  side_session(const Query& q, long capacity)
      : session_(q.session().template beside<Session>(capacity)), capacity_(capacity) {}

  Session& operator*() const { return session_; }
  Session* operator->() const { return &session_; }
  long capacity() const { return capacity_; }

 private:
  Session& session_;
  long capacity_;
};

}  // namespace salient::methods::detail
