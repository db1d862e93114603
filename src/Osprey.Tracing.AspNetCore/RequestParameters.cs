using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Osprey.Tracing.AspNetCore;

/// <summary>The parameters of a request: those of a form's body, then those of the URL.</summary>
internal sealed class RequestParameters
{
    private readonly IFormCollection? _form;
    private readonly IQueryCollection _query;

    private RequestParameters(IFormCollection? form, IQueryCollection query)
    {
        _form = form;
        _query = query;
    }

    /// <summary>Reads the parameters.</summary>
    public static async Task<RequestParameters> ReadAsync(HttpRequest request)
    {
        IFormCollection? form = null;
        if (
            request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            == true
        )
        {
            try
            {
                form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            }
            catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
            {
                throw new ReplyException(StatusCodes.Status400BadRequest, "The form in the body is malformed");
            }
        }

        return new RequestParameters(form, request.Query);
    }

    /// <summary>Gets a parameter's value; empty when it is missing.</summary>
    public string Get(string name)
    {
        if (_form is not null && _form.TryGetValue(name, out var values) && values.Count > 0)
            return values[0] ?? "";
        return _query.TryGetValue(name, out values) && values.Count > 0 ? values[0] ?? "" : "";
    }

    public bool GetRequiredBoolean(string name) => ToBoolean(GetRequired(name));

    public bool GetBoolean(string name) => ToBoolean(Get(name));

    public int GetRequiredInteger(string name)
    {
        string text = GetRequired(name);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Bad($"Invalid value {text} for '{name}': use a number from 0 on");
    }

    private string GetRequired(string name) =>
        Get(name) is { Length: > 0 } value ? value : throw Bad($"Missing mandatory parameter '{name}'");

    private static bool ToBoolean(string text) =>
        text.ToLowerInvariant() switch
        {
            "" or "false" or "0" => false,
            "true" or "1" => true,
            var other => throw Bad($"Invalid value {other} use true/false or 0/1"),
        };

    private static ReplyException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
