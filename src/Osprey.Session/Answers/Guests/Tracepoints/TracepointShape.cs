using Osprey.Guests.Tracepoints;

namespace Osprey.Session.Answers.Guests.Tracepoints;

/// <summary>The columns of a list of tracepoints.</summary>
public static class TracepointShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestTracepoint> Shape { get; } =
        new Shape<GuestTracepoint>("tracepoints")
            .Text("name", row => row.Name)
            .Address("address", row => row.Address)
            .OnlyInData()
            .Boolean("enabled", row => row.IsLogging)
            .OnlyInData()
            .Text(
                "enabled",
                row =>
                    row.IsLogging ? "yes"
                    : row.IsActive == true ? "counted"
                    : "no"
            )
            .OnlyInText()
            .Boolean("active", row => row.IsActive)
            .OnlyInData()
            .Boolean("backtrace", row => row.WithBacktrace)
            .OnlyInData()
            .Text("backtrace", row => row.WithBacktrace ? "yes" : "no")
            .OnlyInText()
            .Integer("samples", row => row.Samples)
            .Text("signature", row => row.Signature)
            .Text("format", row => row.Format);
}
