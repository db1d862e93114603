using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Timers;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Timers;

/// <summary>A function that the guest's kernel calls later, with names.</summary>
/// <param name="Callout">The callout.</param>
/// <param name="Name">The variable that it is; null when there is none.</param>
/// <param name="Function">The function's name; null when it is not known.</param>
public sealed record CalloutRow(GuestCallout Callout, string? Name, string? Function)
{
    /// <summary>The columns.</summary>
    public static Shape<CalloutRow> Shape { get; } =
        new Shape<CalloutRow>("callouts")
            .Address("address", row => row.Callout.Address)
            .Text("name", row => row.Name)
            .Address("functionAddress", row => row.Callout.Function)
            .OnlyInData()
            .Text("function", row => row.Function)
            .OnlyInData()
            .Text("function", row => row.Function ?? Hex(row.Callout.Function))
            .OnlyInText()
            .Address("argument", row => row.Callout.Argument)
            .Time("time", row => row.Callout.Time is >= 0 and var time ? (ulong)time : null)
            .Unsigned("flags", row => row.Callout.Flags)
            .OnlyInData()
            .Boolean("active", row => row.Callout.IsActive)
            .OnlyInData()
            .Boolean("pending", row => row.Callout.IsPending)
            .OnlyInData()
            .Boolean("completed", row => row.Callout.IsCompleted)
            .OnlyInData()
            .Text("flags", row => row.FlagText)
            .OnlyInText();

    /// <summary>
    /// The flags as OSv's script shows them: the number, and A for active, P for pending, C for completed.
    /// </summary>
    public string FlagText =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"0x{Callout.Flags:x4} {(Callout.IsActive ? "A" : "")}{(Callout.IsPending ? "P" : "")}"
        ) + (Callout.IsCompleted ? "C" : "");

    /// <summary>Lists them, the soonest first.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<CalloutRow> Ask(GuestSession session, QuestionContext context)
    {
        var timers = session.RequireAbility<IGuestTimers>("its callouts can't be listed");
        GuestList<GuestCallout> list = timers.ReadCallouts(session.Kernel, context.Cancellation);
        return new GuestList<CalloutRow>(
            [
                .. list.Items.Select(item => new CalloutRow(
                    item,
                    session.NameAddress(item.Address),
                    session.NameAddress(item.Function)
                )),
            ],
            list.Defects
        );
    }

    private static string Hex(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
