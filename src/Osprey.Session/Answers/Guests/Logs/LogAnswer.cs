using Osprey.Guests.Logs;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Logs;

/// <summary>The answer to: what did the kernel say last?</summary>
/// <param name="Lines">The last lines, the oldest first.</param>
/// <param name="IsCut">True when the kernel said more before.</param>
/// <param name="Scope">A sentence about what the kernel keeps and what not.</param>
public sealed record LogAnswer(IReadOnlyList<string> Lines, bool IsCut, string Scope)
{
    /// <summary>The columns.</summary>
    public static Shape<LogAnswer> Shape { get; } =
        new Shape<LogAnswer>("log")
            .Boolean("cut", answer => answer.IsCut)
            .Text("scope", answer => answer.Scope)
            .Texts("lines", answer => answer.Lines);

    /// <summary>Reads the last lines.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="count">The most lines; null for all.</param>
    /// <exception cref="TargetException">The system keeps no messages, or its kernel is not known.</exception>
    public static LogAnswer Ask(GuestSession session, int? count)
    {
        GuestLog log = session
            .RequireAbility<IGuestLog>("what it said is not found in its memory")
            .ReadLog(session.Kernel);
        bool isCut = log.IsCut || log.Lines.Count > count;
        return new LogAnswer([.. log.Lines.TakeLast(count ?? int.MaxValue)], isCut, log.Scope);
    }
}
