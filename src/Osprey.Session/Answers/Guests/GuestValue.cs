using System.Text.Json;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Session.Answers.Guests;

/// <summary>A value of the guest as a cell of an answer.</summary>
/// <param name="value">The value; read when it is written.</param>
/// <param name="options">How much of it is shown.</param>
public sealed class GuestValue(Value value, ValueTextOptions options) : IStructuredValue
{
    /// <inheritdoc/>
    public void WriteJson(Utf8JsonWriter writer) => ValueJson.Write(writer, value, options);

    /// <inheritdoc/>
    public string ToText() => ValueText.FormatInner(value, options);
}
