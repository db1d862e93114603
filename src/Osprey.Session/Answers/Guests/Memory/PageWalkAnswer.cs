using Osprey.Session.Guests;
using Osprey.Target.Architectures.X64;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The answer to: how is an address translated?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Walk">The walk through the page tables.</param>
public sealed record PageWalkAnswer(string Access, PageWalk Walk)
{
    private static readonly Shape<PageTableStep> s_step = new Shape<PageTableStep>("steps")
        .Integer("level", step => step.Level)
        .Integer("index", step => step.Index)
        .Address("address", step => step.Address.Value)
        .Address("value", step => step.Value);

    /// <summary>The columns.</summary>
    public static Shape<PageWalkAnswer> Shape { get; } =
        new Shape<PageWalkAnswer>("walks")
            .Text("access", answer => answer.Access)
            .Address("address", answer => answer.Walk.Address)
            .Text("outcome", answer => answer.Walk.Outcome.ToString())
            .Address("physical", answer => answer.Walk.Translation?.Physical.Value)
            .Size("pageSize", answer => answer.Walk.Translation?.PageSize)
            .Text("permissions", answer => PermissionText.Format(answer.Walk.Permissions))
            .Records("steps", answer => answer.Walk.Steps, () => s_step);

    /// <summary>Asks a guest.</summary>
    public static PageWalkAnswer Ask(GuestSession session, ulong address) =>
        new(session.AccessWord, session.Selected.Space.Walker.Walk(address));
}
