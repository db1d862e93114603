using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Interrupts;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Interrupts;

/// <summary>An interrupt of the guest, with names.</summary>
/// <param name="Interrupt">The interrupt.</param>
/// <param name="Functions">The names of its handlers' functions, in the same order.</param>
public sealed record InterruptRow(GuestInterrupt Interrupt, IReadOnlyList<string> Functions)
{
    private static readonly Shape<(GuestInterruptHandler Handler, string Function)> s_handler = new Shape<(
        GuestInterruptHandler Handler,
        string Function
    )>("handlers")
        .Text("device", item => item.Handler.Device)
        .Text("function", item => item.Function)
        .Address("address", item => item.Handler.Function);

    /// <summary>The columns.</summary>
    public static Shape<InterruptRow> Shape { get; } =
        new Shape<InterruptRow>("interrupts")
            .Text("irq", row => row.Interrupt.Name)
            .Unsigned("count", row => row.Interrupt.Total)
            .Texts("perCpu", row => row.Interrupt.Counts.Select(count => count.ToString(CultureInfo.InvariantCulture)))
            .OnlyInText()
            .List(
                "counts",
                (row, writer) =>
                {
                    foreach (ulong count in row.Interrupt.Counts)
                        writer.Unsigned(null, count);
                }
            )
            .OnlyInData()
            .Text("controller", row => row.Interrupt.Controller)
            .Unsigned("hardwareNumber", row => row.Interrupt.HardwareNumber)
            .OnlyInData()
            .Text("trigger", row => row.Interrupt.Trigger)
            .Text("description", row => row.Interrupt.Description)
            .OnlyInData()
            .Boolean("soft", row => row.Interrupt.IsSoft)
            .OnlyInData()
            .Text("handlers", row => row.HandlersInWords)
            .OnlyInText()
            .Records("handlers", row => row.Interrupt.Handlers.Zip(row.Functions), () => s_handler)
            .OnlyInData();

    private string HandlersInWords =>
        Interrupt.Description
        ?? string.Join(
            ", ",
            Interrupt.Handlers.Zip(Functions, (handler, function) => $"{handler.Device} ({function})")
        );

    /// <summary>Lists the interrupts. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<InterruptRow> Ask(GuestSession session, QuestionContext context)
    {
        GuestList<GuestInterrupt> interrupts = session
            .RequireAbility<IGuestInterrupts>("its interrupts can't be listed")
            .ReadInterrupts(session.Kernel, context.Cancellation);
        return new GuestList<InterruptRow>(
            [
                .. interrupts.Items.Select(item => new InterruptRow(
                    item,
                    [.. item.Handlers.Select(handler => Name(session, handler.Function))]
                )),
            ],
            interrupts.Defects
        );
    }

    private static string Name(GuestSession session, ulong address) =>
        session.NameAddress(address) ?? string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
