using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>Takes calls as <see cref="LiveCalls"/> puts them together.</summary>
public interface ICallSink
{
    /// <summary>Takes a sample that is no end of a pair, or whose other end is not known.</summary>
    void TakeSingle(in TraceEvent sample);

    /// <summary>Takes the begin of a call that may end, as soon as it comes; the call itself is taken later.</summary>
    void TakeBegin(in TraceEvent entry) { }

    /// <summary>Takes a call with its end.</summary>
    /// <param name="entry">Its begin.</param>
    /// <param name="exit">Its end.</param>
    /// <param name="isResumed">True when <see cref="TakeUnfinished"/> took the begin before.</param>
    void TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed);

    /// <summary>Takes the begin of a call that goes on.</summary>
    void TakeUnfinished(in TraceEvent entry);
}
