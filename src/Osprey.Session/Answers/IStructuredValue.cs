using System.Text.Json;

namespace Osprey.Session.Answers;

/// <summary>A value whose structure is known only when it is read, such as a variable of the guest.</summary>
public interface IStructuredValue
{
    /// <summary>Writes the value, nested as far as it is.</summary>
    void WriteJson(Utf8JsonWriter writer);

    /// <summary>Returns the value as text.</summary>
    string ToText();
}
