using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Sources;
using Osprey.Symbols;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: what does the source say at an address?</summary>
/// <param name="Address">The run-time address.</param>
/// <param name="Function">The function there; null when it has no name.</param>
/// <param name="Excerpt">The lines around the address's own.</param>
public sealed record SourceAnswer(ulong Address, string? Function, SourceExcerpt Excerpt)
{
    /// <summary>The columns.</summary>
    public static Shape<SourceAnswer> Shape { get; } =
        new Shape<SourceAnswer>("excerpts")
            .Address("address", answer => answer.Address)
            .Text("function", answer => answer.Function)
            .Text("file", answer => answer.Excerpt.Path)
            .Text("origin", answer => answer.Excerpt.Origin)
            .Integer("line", answer => answer.Excerpt.Line)
            .Integer("firstLine", answer => answer.Excerpt.FirstLine)
            .Texts("lines", answer => answer.Excerpt.Lines);

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="address">The address.</param>
    /// <param name="sources">Finds the text of source files.</param>
    /// <param name="count">The number of lines.</param>
    /// <returns>Null when debug info has no line for the address.</returns>
    public static SourceAnswer? Ask(GuestSession session, ulong address, SourceLocator sources, int count)
    {
        var frames = new List<SymbolFrame>();
        session.Symbols.TryResolve(address, frames);
        SymbolFrame frame = frames.Find(frame => frame.Line is not null);
        if (frame.File is null || frame.Line is not int line)
            return null;

        return new SourceAnswer(address, frame.Name, new SourceExcerpts(sources, count).Find(frame.File, line));
    }
}
